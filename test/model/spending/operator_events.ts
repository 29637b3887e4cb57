import { Stripe } from "stripe";
import type { Tally } from "../tally.ts";
import type { Card, Interval, Plan } from "./moves.ts";
import { changeSubscription, SUBSCRIPTION_OPERATIONS } from "./operator_changes.ts";
import { MONEY_OPERATIONS, moveMoney } from "./operator_money.ts";
import type { Scene } from "./scene.ts";

/** What an operator does at the provider, or a tenant. */
export const OPERATIONS = [
  ...(["make", "invoice", "card"] as const),
  ...MONEY_OPERATIONS,
  ...SUBSCRIPTION_OPERATIONS,
];

export type Operation = (typeof OPERATIONS)[number];

/** Something that happens some hours after the last, and how many looks see it. */
export interface OperatorEvent {
  readonly afterHours: number;
  readonly does: Operation;
  readonly plan: Plan;
  readonly interval: Interval;
  readonly card: Card;
  /** Used at this moment, of what is left, in percent. */
  readonly uses: number;
  /** Moments of looks since the event before, in thousandths, and how far their clock is ahead. */
  readonly looks: readonly (readonly [moment: number, skewMs: number])[];
}

const NET_DAYS = 14;

/** Does it; what the provider refuses does not happen. */
export async function operate(scene: Scene, event: OperatorEvent, tally: Tally): Promise<void> {
  try {
    if (await done(scene, event)) {
      tally.count(event.does === "card" ? `card ${event.card}` : event.does);
    }
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeError)) {
      throw error;
    }
  }
}

/** Whether there was anything to do it with. */
async function done(s: Scene, event: OperatorEvent): Promise<boolean> {
  const { does, plan, interval, card } = event;
  const live = s.tenant.live();
  if (does === "card") {
    s.card(card);
    return true;
  }
  if (does === "make" || does === "invoice") {
    if (live !== undefined) return false;
    const how = does === "invoice" ? { netDays: NET_DAYS } : { trialDays: 10 };
    await s.create(plan, { interval, ...(interval === "month" && how) });
    return true;
  }
  if (isMoney(does)) {
    return await moveMoney(s, does);
  }
  return live !== undefined && (await changeSubscription(s, live, { does, plan, interval }));
}

function isMoney(does: Operation): does is (typeof MONEY_OPERATIONS)[number] {
  return (MONEY_OPERATIONS as readonly string[]).includes(does);
}
