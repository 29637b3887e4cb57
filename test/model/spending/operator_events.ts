import { Stripe } from "stripe";
import type { Tally } from "../tally.ts";
import type { Card, Interval, Plan } from "./moves.ts";
import type { Scene } from "./scene.ts";

/** What an operator does at the provider, or a tenant. */
export const OPERATIONS = [
  ...(["make", "change", "raise", "prorate", "cancel", "resume", "end"] as const),
  ...(["card", "pay"] as const),
  ...(["void", "forgive", "pause", "lift", "hide", "show", "discount", "add_item"] as const),
  ...(["extend_trial", "schedule"] as const),
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

const DAY = 86_400;

/** Does it; what the provider refuses does not happen. */
export async function operate(scene: Scene, event: OperatorEvent, tally: Tally): Promise<void> {
  try {
    if (await done(scene, event)) {
      tally.count(event.does);
    }
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeError)) {
      throw error;
    }
  }
}

/** Whether there was anything to do it with. */
async function done(s: Scene, { does, plan, interval, card }: OperatorEvent): Promise<boolean> {
  const live = s.tenant.live();
  const [open] = s.open();
  switch (does) {
    case "make":
      if (live !== undefined) return false;
      await s.create(plan, { interval, ...(interval === "month" && { trialDays: 10 }) });
      return true;
    case "card":
      s.card(card);
      return true;
    case "pay":
      if (open !== undefined) s.pay(open);
      return open !== undefined;
    case "void":
      if (open !== undefined) await s.stripe.invoices.voidInvoice(open.id);
      return open !== undefined;
    case "forgive":
      if (open !== undefined) await s.stripe.invoices.markUncollectible(open.id);
      return open !== undefined;
    default:
      if (live === undefined) return false;
      await change(s, live.id, { does, plan, interval });
      return true;
  }
}

type Change = Pick<OperatorEvent, "plan" | "interval"> & {
  does: Exclude<Operation, "make" | "card" | "pay" | "void" | "forgive">;
};

async function change(s: Scene, id: string, { does, plan, interval }: Change): Promise<void> {
  const { subscriptions } = s.stripe;
  const now = Math.floor(s.tenant.nowMs / 1_000);
  switch (does) {
    case "change":
      return await s.change(id, plan, { interval });
    case "raise":
      return await s.change(id, plan, { interval, anchor: "unchanged" });
    case "prorate":
      return await s.change(id, plan, {
        ...{ interval, anchor: "unchanged" },
        proration: "create_prorations",
      });
    case "cancel":
    case "resume":
      await subscriptions.update(id, { cancel_at_period_end: does === "cancel" });
      return;
    case "end":
      await subscriptions.cancel(id);
      return;
    case "pause":
      await subscriptions.update(id, { pause_collection: { behavior: "void" } });
      return;
    case "lift":
      // What a pause has granted and is owed after it is lent, which looks may see or not.
      if (s.invoices().every(({ status }) => status !== "draft")) {
        await subscriptions.update(id, { pause_collection: "" });
      }
      return;
    case "hide":
    case "show": {
      const tenantId = does === "hide" ? "" : s.tenant.tenantId;
      await subscriptions.update(id, { metadata: { tenantId } });
      return;
    }
    case "discount": {
      const coupon = await s.stripe.coupons.create({ percent_off: 100, duration: "forever" });
      await subscriptions.update(id, { discounts: [{ coupon: coupon.id }] });
      return;
    }
    case "add_item": {
      const product = await s.stripe.products.create({ name: "Dedicated address" });
      const price = await s.stripe.prices.create({
        ...{ product: product.id, currency: "eur", unit_amount: 2_000 },
        recurring: { interval: "month" },
      });
      await subscriptions.update(id, { items: [{ price: price.id }] });
      return;
    }
    case "extend_trial":
      await subscriptions.update(id, { trial_end: now + 20 * DAY, proration_behavior: "none" });
      return;
    case "schedule":
      await schedule(s, id, s.price(plan, interval));
      return;
    default:
      does satisfies never;
  }
}

/** Another price from the period's end on. */
async function schedule(s: Scene, subscription: string, price: string): Promise<void> {
  const made = await s.stripe.subscriptionSchedules.create({ from_subscription: subscription });
  const [phase] = made.phases;
  const [item] = phase?.items ?? [];
  if (phase !== undefined && item !== undefined) {
    await s.stripe.subscriptionSchedules.update(made.id, {
      end_behavior: "release",
      phases: [
        {
          start_date: phase.start_date,
          end_date: phase.end_date,
          items: [{ price: String(item.price), quantity: 1 }],
        },
        { items: [{ price, quantity: 1 }] },
      ],
    });
  }
}
