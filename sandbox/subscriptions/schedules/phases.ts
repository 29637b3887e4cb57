import type {
  WirePrice,
  WireSchedule,
  WireSubscription,
  WireSubscriptionItem,
} from "../../state/wire.ts";
import type { ProrationBehavior } from "../item_change.ts";
import { isMetered } from "../subscription_item.ts";

/** One phase of a schedule as Stripe shows it. */
export type Phase = WireSchedule["phases"][number];

/** What a phase makes of a subscription. Times are Unix seconds. */
export interface NewPhase {
  start: number;
  end: number;
  items: {
    price: WirePrice;
    quantity: number;
    metadata: Record<string, string>;
    billing_thresholds: WireSubscriptionItem["billing_thresholds"];
  }[];
  prorationBehavior: ProrationBehavior;
  /** When the trial of the phase ends; null where it has none. */
  trialEnd: number | null;
  fields?: Partial<
    Pick<
      Phase,
      | "billing_cycle_anchor"
      | "billing_thresholds"
      | "collection_method"
      | "default_payment_method"
      | "default_tax_rates"
      | "description"
      | "discounts"
      | "invoice_settings"
      | "metadata"
    >
  >;
}

/** A phase in Stripe's shape. */
export function buildPhase(currency: string, phase: NewPhase): Phase {
  return {
    add_invoice_items: [],
    application_fee_percent: null,
    billing_cycle_anchor: null,
    billing_thresholds: null,
    collection_method: null,
    currency,
    default_payment_method: null,
    default_tax_rates: [],
    description: null,
    discounts: [],
    end_date: phase.end,
    invoice_settings: null,
    items: phase.items.map(({ price, quantity, metadata, billing_thresholds }) => ({
      billing_thresholds,
      discounts: [],
      metadata,
      plan: price.id,
      price: price.id,
      ...(isMetered(price) ? {} : { quantity }),
      tax_rates: [],
    })),
    metadata: {},
    on_behalf_of: null,
    proration_behavior: phase.prorationBehavior,
    start_date: phase.start,
    transfer_data: null,
    trial_end: phase.trialEnd,
    ...phase.fields,
  };
}

/** The items of a subscription as those of a phase. */
export function presentItems(subscription: WireSubscription): NewPhase["items"] {
  return subscription.items.data.map(({ price, quantity, metadata, billing_thresholds }) => ({
    price,
    quantity: quantity ?? 1,
    metadata,
    billing_thresholds,
  }));
}

/** The discounts, tax rates and thresholds of a subscription as those of a phase. */
export function presentTerms({
  billing_thresholds,
  discounts,
  default_tax_rates,
}: WireSubscription): Pick<Phase, "billing_thresholds" | "default_tax_rates" | "discounts"> {
  return {
    billing_thresholds,
    default_tax_rates: default_tax_rates ?? [],
    discounts: discounts.map((discount) => ({ coupon: null, discount, promotion_code: null })),
  };
}
