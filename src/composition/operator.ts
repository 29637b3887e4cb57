import type { StripeOptions } from "../adapters/stripe/connect_stripe.ts";
import type { Config } from "./config.ts";
import {
  connectBilling,
  type Development,
  type StripeSandbox,
  stripeOptions,
} from "./connect_billing.ts";
import type { EmbeddedBilling } from "./create_billing.ts";

/** What a command of the operator works with. */
export interface Operator {
  readonly billing: EmbeddedBilling;
  readonly stripe: StripeOptions;
}

/**
 * The use cases for a command of the operator. Without Stripe settings they work with the sandbox
 * beside the running service, and by its time.
 *
 * @throws when the database cannot be opened
 */
export async function connectOperator(config: Config): Promise<Operator> {
  const development = await developmentOf(config);
  const stripe = stripeOptions(config, development);
  return { billing: await connectBilling(config, development), stripe };
}

/** What stands in for Stripe: the sandbox beside the running service; `null` with Stripe's keys. */
export async function developmentOf(config: Config): Promise<Development | null> {
  if (config.stripe !== null) {
    return null;
  }
  const sandbox = await runningSandbox(`http://127.0.0.1:${config.sandbox.port}`);
  return { sandbox, webhookSecret: "whsec_unused_by_commands" };
}

/** The sandbox that runs at a URL; where none does, time is real and its calls will fail. */
async function runningSandbox(url: string): Promise<StripeSandbox> {
  const offsetMs = await clockOffsetMs(url);
  return {
    url,
    now: () => new Date(Date.now() + offsetMs),
    addWebhookEndpoint: () => undefined,
    close: async () => undefined,
  };
}

async function clockOffsetMs(url: string): Promise<number> {
  try {
    const answer: unknown = await (await fetch(`${url}/_sandbox/clock`)).json();
    const offsetMs: unknown = Reflect.get(Object(answer), "offsetMs");
    return typeof offsetMs === "number" ? offsetMs : 0;
  } catch {
    return 0;
  }
}
