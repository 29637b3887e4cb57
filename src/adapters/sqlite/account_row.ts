import type {
  AccountRecord,
  AccountSubscription,
  CheckoutIntent,
  EndedDuplicate,
  PaidPeriod,
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

/** An account as it is stored. */
export type AccountRow = {
  readonly tenantId: string;
  readonly revision: number;
  readonly customerId: string | null;
  readonly subscription: string | null;
  readonly paidPeriod: string | null;
  readonly standing: string | null;
  readonly knownSince: number | null;
  readonly inForce: string;
  readonly endedDuplicates: string;
  readonly checkout: string | null;
  readonly lastChange: string | null;
};

/** The parameters for all columns but the tenant and the revision. */
export function accountColumns(account: AccountRecord): SqliteParameters {
  const { customerId, subscription, paidPeriod, standing, knownSince, checkout } = account;
  return {
    customerId,
    subscription: encodeJson(subscription),
    paidPeriod: encodeJson(paidPeriod),
    standing: encodeJson(standing),
    knownSince: knownSince && encodeInstant(knownSince),
    inForce: JSON.stringify(account.inForce),
    endedDuplicates: JSON.stringify(account.endedDuplicates),
    checkout: encodeJson(checkout),
    lastChange: encodeJson(account.lastChange ?? null),
  };
}

/** The account of a row. */
export function accountOfRow(row: AccountRow): AccountRecord {
  const lastChange = decodeJson(row.lastChange, decodeChange);
  return {
    tenantId: row.tenantId,
    revision: row.revision,
    customerId: row.customerId,
    subscription: decodeJson(row.subscription, decodeSubscription),
    paidPeriod: decodeJson(row.paidPeriod, decodePaidPeriod),
    standing: decodeJson(row.standing, decodeStanding),
    knownSince: decodeInstant(row.knownSince),
    inForce: decodeJson<readonly string[]>(row.inForce, (ids) => ids) ?? [],
    endedDuplicates: decodeJson<readonly EndedDuplicate[]>(row.endedDuplicates, (all) => all) ?? [],
    checkout: decodeJson(row.checkout, decodeCheckout),
    ...(lastChange && { lastChange }),
  };
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

function decodeSubscription(value: Stored<AccountSubscription>): AccountSubscription {
  return {
    ...value,
    period: decodePeriod(value.period),
    billingCycleAnchor: new Date(value.billingCycleAnchor),
    cancelAt: decodeInstant(value.cancelAt),
    trialEnd: decodeInstant(value.trialEnd),
    endedAt: decodeInstant(value.endedAt),
    unpaidSince: decodeInstant(value.unpaidSince),
    unpaidChangeSince: decodeInstant(value.unpaidChangeSince ?? null),
  };
}

function decodePaidPeriod(value: Stored<PaidPeriod>): PaidPeriod {
  return {
    ...decodePeriod(value),
    invoiceId: value.invoiceId,
    charges: value.charges.map((charge) => ({ ...charge, period: decodePeriod(charge.period) })),
  };
}

function decodeCheckout(value: Stored<CheckoutIntent>): CheckoutIntent {
  const trialDays = value.trialDays ?? null;
  return { ...value, expiresAt: new Date(value.expiresAt), trialDays };
}
