import { periodLines } from "../../engine/invoice_lines.ts";
import { draftInvoice } from "../../engine/invoices.ts";
import { startSubscription } from "../../engine/subscriptions.ts";
import { emit, emitChange, type Transaction } from "../../engine/transaction.ts";
import type { WireSchedule } from "../../state/wire.ts";
import { buildSchedule, type NewSchedule } from "./build_schedule.ts";
import { applyTerms } from "./phase_terms.ts";

/** The first invoice of a schedule stays a draft for this long. */
const DRAFT_SECONDS = 3600;

/**
 * Makes a schedule, whose subscription starts at once where its first phase has begun; emits
 * `subscription_schedule.created` and what starts the subscription.
 */
export function createSchedule(tx: Transaction, request: NewSchedule): WireSchedule {
  const schedule = buildSchedule(tx, request);
  tx.state.schedules.set(schedule.id, schedule);
  emit(tx, "subscription_schedule.created", schedule);
  if ((schedule.phases[0]?.start_date ?? tx.now) <= tx.now) {
    beginSchedule(tx, schedule);
  }
  return schedule;
}

/**
 * Starts the subscription of a schedule's first phase; emits `customer.subscription.created`,
 * `invoice.created` and `subscription_schedule.updated`.
 */
export function beginSchedule(tx: Transaction, schedule: WireSchedule): void {
  const [phase] = schedule.phases;
  if (phase === undefined) {
    return;
  }
  const settings = schedule.default_settings;
  const collection = phase.collection_method ?? settings.collection_method;
  const days =
    phase.invoice_settings?.days_until_due ?? settings.invoice_settings.days_until_due ?? null;
  const lines = phase.items.flatMap(({ price: id, quantity }) => {
    const price = tx.state.prices.get(String(id));
    return price === undefined ? [] : [{ price, quantity: quantity ?? 1 }];
  });
  const subscription = startSubscription(tx, {
    customer: schedule.customer,
    currency: phase.currency,
    lines,
    paymentMethod: phase.default_payment_method ?? settings.default_payment_method,
    metadata: { ...phase.metadata },
    description: phase.description ?? settings.description,
    automaticTax: phase.automatic_tax?.enabled ?? settings.automatic_tax?.enabled ?? false,
    trialDays: null,
    trialEnd: phase.trial_end,
    startDate: phase.start_date,
    billingMode: schedule.billing_mode.type === "classic" ? "classic" : "flexible",
    fields: {
      schedule: schedule.id,
      collection_method: collection ?? "charge_automatically",
      days_until_due: days,
    },
  });
  applyTerms(tx, subscription, phase);
  const charged = periodLines(tx.state, subscription);
  const occasion = {
    billingReason: "subscription_create",
    periodStart: tx.now,
    periodEnd: tx.now,
    finalizesAt: tx.now + DRAFT_SECONDS,
  } as const;
  const invoice =
    charged.length === 0 ? undefined : draftInvoice(tx, subscription, occasion, charged);
  subscription.latest_invoice = invoice?.id ?? null;
  emit(tx, "customer.subscription.created", subscription);
  emitChange(tx, "subscription_schedule.updated", schedule, (begun) => {
    begun.status = "active";
    begun.subscription = subscription.id;
    begun.current_phase = { start_date: phase.start_date, end_date: phase.end_date };
  });
  if (invoice !== undefined) {
    emit(tx, "invoice.created", invoice);
  }
}
