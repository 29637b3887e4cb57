import type { Transaction } from "../../engine/transaction.ts";
import { newId } from "../../state/ids.ts";
import type { WireSchedule } from "../../state/wire.ts";
import type { Phase } from "./phases.ts";

/** What is known of a schedule that is made. */
export interface NewSchedule {
  customer: string;
  phases: Phase[];
  endBehavior: "cancel" | "none" | "release" | "renew";
  billingMode: "classic" | "flexible";
  metadata: Record<string, string>;
  defaults?: Partial<WireSchedule["default_settings"]>;
  subscription: string | null;
}

/** A schedule in Stripe's shape; it has begun where it has a subscription. */
export function buildSchedule(tx: Transaction, schedule: NewSchedule): WireSchedule {
  const [first] = schedule.phases;
  const begun = schedule.subscription !== null && first !== undefined;
  const classic = schedule.billingMode === "classic";
  return {
    id: newId("sub_sched"),
    object: "subscription_schedule",
    application: null,
    billing_mode: classic
      ? { flexible: null, type: "classic" }
      : {
          flexible: { proration_discounts: "included" },
          type: "flexible",
          updated_at: tx.now,
        },
    canceled_at: null,
    completed_at: null,
    created: tx.now,
    current_phase: begun ? { start_date: first.start_date, end_date: first.end_date } : null,
    customer: schedule.customer,
    customer_account: null,
    default_settings: {
      application_fee_percent: null,
      billing_cycle_anchor: "automatic",
      billing_thresholds: null,
      collection_method: "charge_automatically",
      default_payment_method: null,
      description: null,
      invoice_settings: {
        account_tax_ids: null,
        custom_fields: null,
        days_until_due: null,
        description: null,
        footer: null,
        issuer: { type: "self" },
      },
      on_behalf_of: null,
      transfer_data: null,
      ...schedule.defaults,
    },
    end_behavior: schedule.endBehavior,
    livemode: false,
    metadata: schedule.metadata,
    pause_schedules: [],
    phases: schedule.phases,
    released_at: null,
    released_subscription: null,
    status: begun ? "active" : "not_started",
    subscription: schedule.subscription,
    test_clock: tx.state.customers.get(schedule.customer)?.test_clock ?? null,
  };
}
