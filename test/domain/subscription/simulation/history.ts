import { type Fault, GreedyTenant } from "./greedy_tenant.ts";
import type { Dunning } from "./stripe_invoices.ts";
import type { StripeModel } from "./stripe_model.ts";

/** What a history comes to, where the rule holds. */
export interface History {
  readonly name: string;
  /** Minor units. */
  readonly paid: number;
  readonly tokens: number;
  readonly emails: number;
  readonly plan: string;
  readonly play: (fault?: Fault) => GreedyTenant;
}

/** What is done, day by day. */
export type Script = (tenant: GreedyTenant, stripe: StripeModel) => void;

/** A history with what it comes to: paid, tokens and e-mails used, the plan in the end. */
export function history(
  name: string,
  [paid, tokens, emails, plan]: [number, number, number, string],
  script: Script,
  start?: string,
): History {
  return {
    name,
    paid,
    tokens,
    emails,
    plan,
    play: (fault) => {
      const tenant = new GreedyTenant(start, fault);
      script(tenant, tenant.stripe);
      return tenant;
    },
  };
}

/** The same where Stripe is set to end dunning so. */
export function withDunning(dunning: Dunning, script: Script): Script {
  return (tenant, stripe) => {
    stripe.dunning = dunning;
    script(tenant, stripe);
  };
}

/** The first subscription that was bought. */
export function first(stripe: StripeModel) {
  const [subscription] = stripe.subscriptions;
  if (subscription === undefined) {
    throw new TypeError("no subscription");
  }
  return subscription;
}

/** Pays the oldest open invoice. */
export function payOpen(stripe: StripeModel): void {
  const open = stripe.invoices.find(({ status }) => status === "open");
  if (open === undefined) {
    throw new TypeError("nothing is open");
  }
  stripe.pay(open);
}
