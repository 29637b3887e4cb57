import type {
  AccountRecord,
  AccountSubscription,
  CheckoutIntent,
  EndedDuplicate,
  Ending,
  Seen,
} from "../../domain/subscription/billing_account.ts";
import type { Standing } from "../../domain/subscription/standing.ts";
import type { SqliteParameters } from "./sqlite_database.ts";
import {
  decodeChange,
  decodeInstant,
  decodeJson,
  decodePeriod,
  encodeInstant,
  encodeJson,
  type Stored,
} from "./stored_json.ts";

/** An account as stored. */
export type AccountRow = {
  readonly tenantId: string;
  readonly revision: number;
  readonly customerId: string | null;
  readonly subscription: string | null;
  readonly standing: string | null;
  readonly knownSince: number | null;
  readonly lookedAt: number | null;
  readonly seen: string | null;
  readonly inForce: string;
  readonly endedDuplicates: string;
  readonly checkout: string | null;
  readonly ending: string | null;
  readonly lastChange: string | null;
};

/** Returns the parameters for all columns except the tenant and the revision. */
export function accountColumns(account: AccountRecord): SqliteParameters {
  const { customerId, subscription, standing, knownSince, lookedAt, checkout, ending } = account;
  return {
    customerId,
    subscription: encodeJson(subscription),
    standing: encodeJson(standing),
    knownSince: knownSince && encodeInstant(knownSince),
    lookedAt: lookedAt && encodeInstant(lookedAt),
    seen: encodeJson(account.seen),
    inForce: JSON.stringify(account.inForce),
    endedDuplicates: JSON.stringify(account.endedDuplicates),
    checkout: encodeJson(checkout),
    ending: encodeJson(ending),
    lastChange: encodeJson(account.lastChange ?? null),
  };
}

/** Reads an account from its row. */
export function accountOfRow(row: AccountRow): AccountRecord {
  const lastChange = decodeJson(row.lastChange, decodeChange);
  return {
    tenantId: row.tenantId,
    revision: row.revision,
    customerId: row.customerId,
    subscription: decodeJson(row.subscription, decodeSubscription),
    standing: decodeJson(row.standing, decodeStanding),
    knownSince: decodeInstant(row.knownSince),
    lookedAt: decodeInstant(row.lookedAt),
    seen: decodeJson(row.seen, decodeSeen),
    inForce: decodeJson(row.inForce, decodeIds) ?? [],
    endedDuplicates: decodeJson(row.endedDuplicates, decodeDuplicates) ?? [],
    checkout: decodeJson(row.checkout, decodeCheckout),
    ending: decodeJson(row.ending, decodeEnding),
    ...(lastChange && { lastChange }),
  };
}

const decodeIds = (ids: readonly string[]) => ids;

const decodeDuplicates = (duplicates: readonly EndedDuplicate[]) => duplicates;

function decodeEnding(value: Stored<Ending>): Ending {
  return { ...value, at: new Date(value.at) };
}

function decodeSeen(value: Stored<Seen>): Seen {
  return value;
}

function decodeStanding(value: Stored<Standing>): Standing {
  const { subscription } = value;
  return {
    subscription: subscription && {
      ...subscription,
      billingCycleAnchor: new Date(subscription.billingCycleAnchor),
      endedAt: decodeInstant(subscription.endedAt),
      item: subscription.item && {
        ...subscription.item,
        period: decodePeriod(subscription.item.period),
      },
    },
    debts: value.debts.map((debt) => ({
      ...debt,
      from: decodeInstant(debt.from),
      since: new Date(debt.since),
    })),
    lines: value.lines.map((line) => ({
      ...line,
      lentUntil: decodeInstant(line.lentUntil),
      period: decodePeriod(line.period),
      creditedFrom: decodeInstant(line.creditedFrom),
      settledAt: new Date(line.settledAt),
    })),
    creditedUnpaid: value.creditedUnpaid,
  };
}

/** Reads the subscription; earlier releases stored fewer fields. */
function decodeSubscription(value: Stored<AccountSubscription>): AccountSubscription {
  const { scheduledChange = null, payments = [], processing = null, nextInvoice = null } = value;
  return {
    id: value.id,
    status: value.status,
    planSlug: value.planSlug,
    interval: value.interval,
    period: decodePeriod(value.period),
    cancelAt: decodeInstant(value.cancelAt),
    trialEnd: decodeInstant(value.trialEnd),
    endedAt: decodeInstant(value.endedAt),
    endReason: value.endReason ?? null,
    collectionMethod: value.collectionMethod ?? "charge_automatically",
    scheduledChange: scheduledChange && {
      ...scheduledChange,
      effectiveAt: new Date(scheduledChange.effectiveAt),
    },
    payments: payments.map((payment) => ({ ...payment, dueAt: decodeInstant(payment.dueAt) })),
    processing,
    nextInvoice: nextInvoice && { ...nextInvoice, at: new Date(nextInvoice.at) },
    paymentMethod: value.paymentMethod ?? null,
  };
}

function decodeCheckout(value: Stored<CheckoutIntent>): CheckoutIntent {
  const trialDays = value.trialDays ?? null;
  return { ...value, expiresAt: new Date(value.expiresAt), trialDays };
}
