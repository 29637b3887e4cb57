import type { Stripe } from "stripe";
import type { WireSubscription } from "../../../sandbox/state/wire.ts";
import type { Interval, Plan } from "./moves.ts";
import type { ChangeOptions, Scene } from "./scene.ts";

/** What an operator does to a subscription that lives, by the parameters that say it. */
const UPDATES = {
  cancel: { cancel_at_period_end: true },
  resume: { cancel_at_period_end: false },
  pause_void: { pause_collection: { behavior: "void" } },
  pause_draft: { pause_collection: { behavior: "keep_as_draft" } },
  pause_uncollectible: { pause_collection: { behavior: "mark_uncollectible" } },
  hide: { metadata: { tenantId: "" } },
  send: { collection_method: "send_invoice", days_until_due: 14 },
  charge: { collection_method: "charge_automatically" },
} as const satisfies Record<string, Stripe.SubscriptionUpdateParams>;

const CHANGES = {
  change: {},
  raise: { anchor: "unchanged" },
  prorate: { anchor: "unchanged", proration: "create_prorations" },
  swap: { anchor: "unchanged", proration: "none" },
} as const satisfies Record<string, ChangeOptions>;

const COUPONS = {
  discount_all: { percent_off: 100, duration: "once" },
  discount_for_ever: { percent_off: 100, duration: "forever" },
  discount_half: { percent_off: 50, duration: "repeating", duration_in_months: 2 },
  discount_amount: { amount_off: 500, currency: "eur", duration: "once" },
} as const satisfies Record<string, Stripe.CouponCreateParams>;

const OTHERS = [
  ...(["end", "end_prorated", "lift", "show", "add_item", "meter", "quantity"] as const),
  ...(["extend_trial", "schedule", "halt", "go_on", "pend", "use"] as const),
];

/** What an operator does to a subscription that lives. */
export const SUBSCRIPTION_OPERATIONS = [
  ...namesOf(UPDATES),
  ...namesOf(CHANGES),
  ...namesOf(COUPONS),
  ...OTHERS,
];

/** A change of a subscription, to a plan where it is one. */
export interface SubscriptionChange {
  readonly does: (typeof SUBSCRIPTION_OPERATIONS)[number];
  readonly plan: Plan;
  readonly interval: Interval;
}

const DAY = 86_400;
const ADD_ON_PRICE = { currency: "eur", unit_amount: 2_000 } as const;

/** Changes it; whether there was anything to change. */
export async function changeSubscription(
  s: Scene,
  subscription: WireSubscription,
  { does, plan, interval }: SubscriptionChange,
): Promise<boolean> {
  const { id, items } = subscription;
  const { subscriptions, coupons } = s.stripe;
  if (isOf(UPDATES, does)) {
    await subscriptions.update(id, UPDATES[does]);
    return true;
  }
  if (isOf(CHANGES, does)) {
    await s.change(id, plan, { interval, ...CHANGES[does] });
    return true;
  }
  if (isOf(COUPONS, does)) {
    const coupon = await coupons.create(COUPONS[does]);
    await subscriptions.update(id, { discounts: [{ coupon: coupon.id }] });
    return true;
  }
  switch (does) {
    case "end":
      await subscriptions.cancel(id);
      return true;
    case "end_prorated":
      await subscriptions.cancel(id, { prorate: true, invoice_now: true });
      return true;
    case "halt":
      await subscriptions.pause(id, { invoicing_behavior: "invoice" });
      return true;
    case "go_on":
      if (subscription.status !== "paused") return false;
      await subscriptions.resume(id);
      return true;
    case "pend":
      await subscriptions.update(id, {
        items: [{ id: items.data[0]?.id ?? "", price: s.price(plan, interval) }],
        payment_behavior: "pending_if_incomplete",
        proration_behavior: "always_invoice",
      });
      return true;
    case "use":
      return await use(s, subscription);
    case "lift":
      if (subscription.pause_collection === null) return false;
      await subscriptions.update(id, { pause_collection: "" });
      return true;
    case "show":
      if (subscription.metadata.tenantId !== undefined) return false;
      await subscriptions.update(id, { metadata: { tenantId: s.tenant.tenantId } });
      return true;
    case "add_item":
      await addItem(s, id, { interval: "month" });
      return true;
    case "meter":
      await addItem(s, id, await metered(s));
      return true;
    case "quantity": {
      const [item] = items.data;
      const quantity = item?.quantity === 3 ? 1 : 3;
      await subscriptions.update(id, { items: [{ id: item?.id ?? "", quantity }] });
      return true;
    }
    case "extend_trial": {
      const end = Math.floor(s.tenant.nowMs / 1_000) + 20 * DAY;
      await subscriptions.update(id, { trial_end: end, proration_behavior: "none" });
      return true;
    }
    case "schedule":
      await schedule(s, id, s.price(plan, interval));
      return true;
    default:
      return does satisfies never;
  }
}

async function addItem(
  { stripe }: Scene,
  id: string,
  recurring: Stripe.PriceCreateParams.Recurring,
): Promise<void> {
  const product = await stripe.products.create({ name: "Dedicated address" });
  const price = await stripe.prices.create({ product: product.id, ...ADD_ON_PRICE, recurring });
  await stripe.subscriptions.update(id, { items: [{ price: price.id }] });
}

async function metered({ stripe, tenant }: Scene): Promise<Stripe.PriceCreateParams.Recurring> {
  const meter = await stripe.billing.meters.create({
    display_name: "Validations",
    event_name: `validations_${tenant.nowMs}`,
    default_aggregation: { formula: "sum" },
  });
  return { interval: "month", usage_type: "metered", meter: meter.id };
}

/** Uses so much of what is metered that its threshold is reached; whether anything is. */
async function use({ stripe }: Scene, subscription: WireSubscription): Promise<boolean> {
  const item = subscription.items.data.find(({ price }) => price.recurring?.meter != null);
  if (item === undefined) return false;
  const meter = await stripe.billing.meters.retrieve(item.price.recurring?.meter ?? "");
  await stripe.subscriptionItems.update(item.id, { billing_thresholds: { usage_gte: 2 } });
  await stripe.billing.meterEvents.create({
    event_name: meter.event_name,
    payload: { stripe_customer_id: String(subscription.customer), value: "2" },
  });
  return true;
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

function namesOf<T extends object>(table: T): (keyof T)[] {
  return Object.keys(table) as (keyof T)[];
}

function isOf<T extends object>(table: T, name: PropertyKey): name is keyof T {
  return Object.hasOwn(table, name);
}
