import { INTERVALS } from "../../domain/catalog/catalog.ts";
import {
  type AccountRecord,
  type AccountSubscription,
  type CheckoutIntent,
  type Ending,
  REDACTIONS,
} from "../../domain/subscription/billing_account.ts";
import type { Period } from "../../domain/subscription/billing_period.ts";
import { END_REASONS } from "../../domain/subscription/customer_snapshot.ts";
import type { Standing } from "../../domain/subscription/standing.ts";
import { SUBSCRIPTION_STATUSES } from "../../domain/subscription/subscription.ts";
import { decodeChange } from "./change_document.ts";
import { COLLECTIONS } from "./collections.ts";
import { StoredDocument } from "./stored_document.ts";
import { exactText, storedValue } from "./stored_value.ts";

/** An account as stored; `customerId` is absent without a customer. */
export interface AccountDocument extends Omit<AccountRecord, "tenantId" | "customerId"> {
  readonly _id: string;
  readonly customerId?: string;
}

/** Returns the document of an account at the given revision. */
export function encodeAccount(
  { tenantId, customerId, revision: _, ...content }: AccountRecord,
  revision: number,
) {
  return {
    _id: exactText(tenantId),
    revision,
    ...(customerId !== null && { customerId }),
    ...storedValue(content),
  } satisfies AccountDocument;
}

/** Reads an account from its document; checks every field. */
export function decodeAccount(found: unknown): AccountRecord {
  const document = new StoredDocument(found, `a document in ${COLLECTIONS.accounts}`);
  const lastChange = document.partOrNull("lastChange", decodeChange);
  return {
    tenantId: document.text("_id"),
    revision: document.integer("revision"),
    customerId: document.textOrNull("customerId"),
    subscription: document.partOrNull("subscription", decodeSubscription),
    standing: document.partOrNull("standing", decodeStanding),
    knownSince: document.instantOrNull("knownSince"),
    lookedAt: document.instantOrNull("lookedAt"),
    seen: document.partOrNull("seen", (seen) => ({
      facts: seen.integer("facts"),
      state: seen.integer("state"),
    })),
    inForce: document.textsOrNull("inForce") ?? paidSubscription(document),
    endedDuplicates: document.partsOrNone("endedDuplicates", (duplicate) => ({
      id: duplicate.text("id"),
      givenBack: duplicate.parts("givenBack", (payment) => ({
        invoiceId: payment.text("invoiceId"),
        amount: payment.integer("amount"),
      })),
    })),
    checkout: document.partOrNull("checkout", decodeCheckout),
    ending: document.partOrNull("ending", decodeEnding),
    ...(lastChange && { lastChange }),
  };
}

/** Reads the subscription; earlier releases stored fewer fields. */
function decodeSubscription(part: StoredDocument): AccountSubscription {
  return {
    id: part.text("id"),
    status: part.oneOf("status", SUBSCRIPTION_STATUSES),
    planSlug: part.textOrNull("planSlug"),
    interval: part.oneOfOrNull("interval", INTERVALS),
    period: part.part("period", decodePeriod),
    cancelAt: part.instantOrNull("cancelAt"),
    trialEnd: part.instantOrNull("trialEnd"),
    endedAt: part.instantOrNull("endedAt"),
    endReason: part.oneOfOrNull("endReason", END_REASONS),
    collectionMethod:
      part.oneOfOrNull("collectionMethod", ["charge_automatically", "send_invoice"]) ??
      "charge_automatically",
    scheduledChange: part.partOrNull("scheduledChange", (change) => ({
      planSlug: change.textOrNull("planSlug"),
      interval: change.oneOfOrNull("interval", INTERVALS),
      effectiveAt: change.instant("effectiveAt"),
    })),
    payments: part.partsOrNone("payments", (payment) => ({
      invoiceId: payment.text("invoiceId"),
      amount: payment.integer("amount"),
      currency: payment.text("currency"),
      dueAt: payment.instantOrNull("dueAt"),
      invoiceUrl: payment.textOrNull("invoiceUrl"),
    })),
    processing: part.partOrNull("processing", (payment) => ({
      amount: payment.integer("amount"),
      currency: payment.text("currency"),
    })),
    nextInvoice: part.partOrNull("nextInvoice", (next) => ({
      amount: next.integer("amount"),
      currency: next.text("currency"),
      at: next.instant("at"),
    })),
    paymentMethod: part.partOrNull("paymentMethod", (method) => ({
      brand: method.text("brand"),
      last4: method.textOrNull("last4"),
      expMonth: method.integerOrNull("expMonth"),
      expYear: method.integerOrNull("expYear"),
    })),
  };
}

/**
 * Reads what was in force from documents of earlier releases, which stored the last paid period
 * instead.
 */
function paidSubscription(document: StoredDocument): string[] {
  const paid = document.partOrNull("paidPeriod", (part) => part);
  const id = paid && document.partOrNull("subscription", (part) => part.text("id"));
  return id === null ? [] : [id];
}

function decodeStanding(part: StoredDocument): Standing {
  return {
    subscription: part.partOrNull("subscription", (subscription) => ({
      id: subscription.text("id"),
      status: subscription.oneOf("status", SUBSCRIPTION_STATUSES),
      billingCycleAnchor: subscription.instant("billingCycleAnchor"),
      endedAt: subscription.instantOrNull("endedAt"),
      collectionPaused: subscription.flag("collectionPaused"),
      item: subscription.partOrNull("item", (item) => ({
        id: item.text("id"),
        priceId: item.text("priceId"),
        planSlug: item.text("planSlug"),
        period: item.part("period", decodePeriod),
      })),
    })),
    debts: part.parts("debts", (debt) => ({
      invoiceId: debt.text("invoiceId"),
      cause: debt.oneOf("cause", ["first", "renewal", "change"]),
      from: debt.instantOrNull("from"),
      since: debt.instant("since"),
    })),
    lines: part.parts("lines", (line) => ({
      basis: line.oneOf("basis", ["paid", "waived", "lent", "pending", "running"]),
      lentUntil: line.instantOrNull("lentUntil"),
      planSlug: line.text("planSlug"),
      period: line.part("period", decodePeriod),
      opens: line.flag("opens"),
      creditedFrom: line.instantOrNull("creditedFrom"),
      trial: line.flag("trial"),
      settledAt: line.instant("settledAt"),
    })),
    creditedUnpaid: part.texts("creditedUnpaid"),
  };
}

function decodeCheckout(part: StoredDocument): CheckoutIntent {
  return {
    attempt: part.integer("attempt"),
    planSlug: part.text("planSlug"),
    interval: part.oneOf("interval", INTERVALS),
    priceId: part.text("priceId"),
    successUrl: part.text("successUrl"),
    cancelUrl: part.text("cancelUrl"),
    expiresAt: part.instant("expiresAt"),
    trialDays: part.integerOrNull("trialDays"),
  };
}

function decodeEnding(part: StoredDocument): Ending {
  return {
    at: part.instant("at"),
    when: part.oneOf("when", ["now", "period_end"]),
    refund: part.partOrNull("refund", (refund) => ({
      invoiceId: refund.text("invoiceId"),
      amount: refund.integer("amount"),
      currency: refund.text("currency"),
    })),
    redact: part.oneOfOrNull("redact", REDACTIONS),
  };
}

function decodePeriod(part: StoredDocument): Period {
  return { start: part.instant("start"), end: part.instant("end") };
}
