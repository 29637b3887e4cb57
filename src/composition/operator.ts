import type { StripeOptions } from "../adapters/stripe/connect_stripe.ts";
import {
  connectBilling,
  type Development,
  type StripeSandbox,
  stripeOptions,
} from "./connect_billing.ts";
import type { EmbeddedBilling } from "./create_billing.ts";
import type { Settings } from "./settings.ts";

/** What an operator's command works with. */
export interface Operator {
  readonly billing: EmbeddedBilling;
  readonly stripe: StripeOptions;
}

/**
 * The use cases for an operator's command. Without Stripe settings they use the sandbox beside the
 * running service, and its clock.
 *
 * @throws when the database cannot be opened
 */
export async function connectOperator(settings: Settings): Promise<Operator> {
  const development = await developmentOf(settings);
  const stripe = stripeOptions(settings, development);
  return { billing: await connectBilling(settings, development), stripe };
}

/** What stands in for Stripe: the sandbox beside the running service; `null` with Stripe's keys. */
export async function developmentOf(settings: Settings): Promise<Development | null> {
  if (settings.stripeSecretKey !== null) {
    return null;
  }
  const sandbox = await runningSandbox(`http://127.0.0.1:${settings.sandboxPort}`);
  return { sandbox, webhookSecret: "whsec_unused_by_commands" };
}

/** The sandbox at a URL. If none runs there, the time is real and calls fail. */
async function runningSandbox(url: string): Promise<StripeSandbox> {
  const offsetMs = await clockOffsetMs(url);
  return {
    url,
    now: () => new Date(Date.now() + offsetMs),
    addWebhookEndpoint: () => undefined,
    close: async () => undefined,
  };
}

/** How far the sandbox's clock is ahead of this machine's. */
async function clockOffsetMs(url: string): Promise<number> {
  try {
    const askedAt = Date.now();
    const answer: unknown = await (await fetch(`${url}/_sandbox/clock`)).json();
    const offsetMs = Date.parse(String(Reflect.get(Object(answer), "now"))) - askedAt;
    return Number.isNaN(offsetMs) ? 0 : offsetMs;
  } catch {
    return 0;
  }
}
