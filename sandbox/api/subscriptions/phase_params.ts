import { periodBoundary } from "../../engine/billing_period.ts";
import { redeemable } from "../../engine/invoicing/discounts.ts";
import { invalidRequest } from "../../engine/request_error.ts";
import type { Transaction } from "../../engine/transaction.ts";
import type { WireSchedule } from "../../state/wire.ts";
import { buildPhase, type NewPhase, type Phase } from "../../subscriptions/schedules/phases.ts";
import { recurrenceOf } from "../../subscriptions/subscription_item.ts";
import { DISCOUNTS, taxRatesOf } from "../invoicing/money_params.ts";
import {
  between,
  clearable,
  flag,
  hash,
  list,
  mergeMetadata,
  metadata,
  oneOf,
  type Read,
  required,
  text,
} from "../params.ts";
import { checkItems } from "./creation.ts";
import { chosenPrice } from "./price_param.ts";
import { ITEM_FIELDS, nowOrTime, PRORATION, THRESHOLDS, thresholdsOf } from "./shared_params.ts";

const COLLECTION = {
  billing_cycle_anchor: oneOf("automatic", "phase_start"),
  billing_thresholds: THRESHOLDS,
  collection_method: oneOf("charge_automatically", "send_invoice"),
  default_payment_method: text,
  description: clearable(text),
  invoice_settings: hash({ days_until_due: between(0, 730) }),
};

const PHASE = hash({
  ...COLLECTION,
  currency: text,
  default_tax_rates: clearable(list(text, 20)),
  discounts: DISCOUNTS,
  duration: hash({
    interval: required(oneOf("day", "week", "month", "year")),
    interval_count: between(1, 120),
  }),
  end_date: nowOrTime,
  items: required(list(hash(ITEM_FIELDS), 20)),
  metadata,
  proration_behavior: PRORATION,
  start_date: nowOrTime,
  trial: flag,
  trial_end: nowOrTime,
});

/** The phases of a schedule. */
export const PHASES = list(PHASE, 10);

/** What holds for every phase that does not say otherwise. */
export const DEFAULTS = hash(COLLECTION);

type PhaseParams = NonNullable<Read<{ phase: typeof PHASE }>["phase"]>;

/**
 * The phases that a request describes, one after the other.
 *
 * @param start when the first begins, in Unix seconds, where it does not say so
 * @throws {RequestError} where a price does not exist, or the phases have a gap or no end
 */
export function phasesOf(
  tx: Transaction,
  phases: readonly PhaseParams[],
  { start, billingMode }: { start: number; billingMode: "classic" | "flexible" },
): Phase[] {
  if (phases.length === 0) {
    throw invalidRequest("Missing required param: phases.", "phases", "parameter_missing");
  }
  const built: Phase[] = [];
  for (const [index, phase] of phases.entries()) {
    const name = `phases[${index}]`;
    const from = built.at(-1)?.end_date ?? start;
    const given = phase.start_date === "now" ? tx.now : phase.start_date;
    if (given !== undefined && built.length > 0 && given !== from) {
      throw invalidRequest(
        "The `start_date` of a phase must be the `end_date` of the one before it.",
        `${name}[start_date]`,
      );
    }
    built.push(phaseOf(tx, phase, { name, start: given ?? from, billingMode }));
  }
  return built;
}

function phaseOf(
  tx: Transaction,
  phase: PhaseParams,
  at: { name: string; start: number; billingMode: "classic" | "flexible" },
): Phase {
  const asked = phase.currency?.toLowerCase();
  const items = phase.items.map((item, index) => {
    const name = `${at.name}[items][${index}]`;
    const price = chosenPrice(tx, item, name, { type: "recurring", currency: asked });
    if (price === undefined) {
      throw invalidRequest(`Missing required param: ${name}[price].`, `${name}[price]`);
    }
    return {
      price,
      quantity: item.quantity ?? 1,
      metadata: mergeMetadata({}, item.metadata),
      billing_thresholds: item.billing_thresholds || null,
    };
  });
  const [first] = items;
  if (first === undefined) {
    throw invalidRequest(`Missing required param: ${at.name}[items].`, `${at.name}[items]`);
  }
  checkItems(items, at.billingMode);
  const currency = asked ?? first.price.currency;
  const end = endOf(tx, phase, at, items);
  return buildPhase(currency, {
    start: at.start,
    end,
    items,
    trialEnd: trialOf(tx, phase, end),
    prorationBehavior: phase.proration_behavior ?? "create_prorations",
    fields: {
      ...overrides(phase),
      default_tax_rates: taxRatesOf(tx, phase.default_tax_rates, `${at.name}[default_tax_rates]`),
      discounts: discountsOf(tx, phase, { name: at.name, currency }),
      metadata: mergeMetadata({}, phase.metadata),
    },
  });
}

/**
 * What a phase shall redeem when it begins.
 * @throws {RequestError} where that cannot be redeemed
 */
function discountsOf(
  tx: Transaction,
  { discounts }: PhaseParams,
  { name, currency }: { name: string; currency: string },
): Phase["discounts"] {
  return (discounts ?? []).map((request, index) => {
    if (request.discount === undefined) {
      const code = tx.state.promotionCodes.get(request.promotion_code ?? "");
      const target = { customer: code?.customer ?? null, currency };
      redeemable(tx, request, target, `${name}[discounts][${index}]`);
    }
    return {
      coupon: request.coupon ?? null,
      discount: request.discount ?? null,
      promotion_code: request.promotion_code ?? null,
    };
  });
}

function endOf(
  tx: Transaction,
  { end_date: end, duration }: PhaseParams,
  { name, start }: { name: string; start: number },
  items: NewPhase["items"],
): number {
  if (end !== undefined && duration !== undefined) {
    throw invalidRequest(
      "You may only specify one of these parameters: end_date, duration.",
      `${name}[end_date]`,
    );
  }
  const [first] = items;
  const usual = first === undefined ? undefined : recurrenceOf(first.price);
  const lasts = duration ?? usual ?? { interval: "month", interval_count: 1 };
  const until =
    end === "now"
      ? tx.now
      : (end ?? periodBoundary(start, { ...lasts, interval_count: lasts.interval_count ?? 1 }, 1));
  if (until <= start) {
    throw invalidRequest(
      "The `end_date` of a phase must be after its `start_date`.",
      `${name}[end_date]`,
    );
  }
  return until;
}

function trialOf(tx: Transaction, phase: PhaseParams, end: number): number | null {
  if (phase.trial === true) {
    return end;
  }
  return phase.trial_end === "now" ? tx.now : (phase.trial_end ?? null);
}

/** The settings that a phase or a schedule has of its own. */
function overrides(
  params: NonNullable<Read<{ defaults: typeof DEFAULTS }>["defaults"]>,
): NonNullable<NewPhase["fields"]> {
  const { invoice_settings: invoice, ...plain } = params;
  return {
    billing_cycle_anchor: plain.billing_cycle_anchor ?? null,
    billing_thresholds: thresholdsOf(plain.billing_thresholds),
    collection_method: plain.collection_method ?? null,
    default_payment_method: plain.default_payment_method ?? null,
    description: plain.description ?? null,
    invoice_settings: invoice === undefined ? null : invoiceSettings(invoice.days_until_due),
  };
}

/** What a schedule holds for all of its phases. */
export function defaultSettings(
  params: NonNullable<Read<{ defaults: typeof DEFAULTS }>["defaults"]>,
): Partial<WireSchedule["default_settings"]> {
  const sent = Object.entries({
    billing_cycle_anchor: params.billing_cycle_anchor,
    billing_thresholds:
      params.billing_thresholds === undefined ? undefined : thresholdsOf(params.billing_thresholds),
    collection_method: params.collection_method,
    default_payment_method: params.default_payment_method,
    description: params.description,
    invoice_settings:
      params.invoice_settings && invoiceSettings(params.invoice_settings.days_until_due),
  }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(sent);
}

function invoiceSettings(days: number | undefined) {
  return {
    account_tax_ids: null,
    custom_fields: null,
    days_until_due: days ?? null,
    description: null,
    footer: null,
    issuer: { type: "self" as const },
  };
}
