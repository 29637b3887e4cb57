import type { Catalog } from "../catalog/catalog.ts";
import { accountSubscription } from "./account_subscription.ts";
import { type BillingAccount, isEnded } from "./billing_account.ts";
import {
  type DuplicateSubscription,
  duplicateSubscriptions,
  type SubscriptionQuestion,
} from "./current_subscription.ts";
import type { CustomerSnapshot } from "./customer_snapshot.ts";
import { type Entitlement, entitlement } from "./entitlement.ts";
import { seenBy } from "./seen/seen.ts";
import { settlements } from "./settlement.ts";
import { NO_STANDING, standingOf } from "./standing.ts";

/** The settings of a look. */
export interface LookSettings {
  readonly catalog: Catalog;
  /** When the look began. */
  readonly now: Date;
  readonly graceDays: number;
  /** Whether double payments are ended and refunded, or only reported (P18). */
  readonly refundDuplicates: boolean;
}

/**
 * Derives the account from the payment provider's snapshot (P09). A pure function of its arguments:
 * the order, number and content of past events do not matter.
 */
export function synchronizeAccount(
  account: BillingAccount,
  snapshot: CustomerSnapshot,
  settings: LookSettings,
): BillingAccount {
  const { catalog, now, graceDays } = settings;
  if (snapshot.deleted) {
    return withoutCustomer(account, now);
  }
  const ended = duplicatesOf(account, snapshot, settings)
    .filter(({ action }) => action === "end")
    .map(({ subscriptionId: id }) => ({ id, givenBack: [] }));
  const endedDuplicates = [...account.endedDuplicates, ...ended];
  const known = { ...account, endedDuplicates };
  const standing = standingOf(snapshot, questionOf(known, catalog));
  const entitled = entitlement(standing, catalog, { now, graceDays });
  const giving = isEnded(account, now) ? [] : givingSubscriptions(entitled, now);
  const inForce = new Set([...account.inForce, ...giving]);
  const current = snapshot.subscriptions.find(({ id }) => id === standing.subscription?.id);
  const looked = {
    ...known,
    subscription: current ? accountSubscription(current, standing, { snapshot, catalog }) : null,
    standing,
    knownSince: account.knownSince ?? now,
    lookedAt: now,
    inForce: [...inForce],
  };
  const reported = duplicatesOf(looked, snapshot, settings);
  return { ...looked, seen: seenBy(looked, snapshot, { catalog, reported, now }) };
}

/** A deleted customer can never be used again, and everything it had has ended. */
function withoutCustomer(account: BillingAccount, now: Date): BillingAccount {
  return {
    ...account,
    customerId: null,
    subscription: null,
    standing: NO_STANDING,
    knownSince: account.knownSince ?? now,
    lookedAt: now,
    seen: null,
    checkout: null,
  };
}

/** Subscriptions of which a month is in force, or over and made good (P26). */
function givingSubscriptions(
  { month, months, subscriptionLives }: Entitlement,
  now: Date,
): readonly string[] {
  const missed = subscriptionLives ? months.filter(({ over }) => over <= now) : [];
  return [month, ...missed].flatMap(({ subscriptionId }) => subscriptionId ?? []);
}

/**
 * Finds live subscriptions besides the current one that nobody has dealt with, and what to do
 * (P18).
 */
export function duplicatesOf(
  account: BillingAccount,
  snapshot: CustomerSnapshot,
  { catalog, refundDuplicates }: Pick<LookSettings, "catalog" | "refundDuplicates">,
): DuplicateSubscription[] {
  const settled = settlements(snapshot, catalog);
  const ended = new Set(account.endedDuplicates.map(({ id }) => id));
  return duplicateSubscriptions(snapshot, { ...questionOf(account, catalog), settled })
    .filter(({ subscriptionId }) => !ended.has(subscriptionId))
    .map((duplicate) => (refundDuplicates ? duplicate : { ...duplicate, action: "report" }));
}

function questionOf(
  { tenantId, inForce, endedDuplicates }: BillingAccount,
  catalog: Catalog,
): Omit<SubscriptionQuestion, "settled"> {
  return {
    tenantId,
    catalog,
    inForce: new Set(inForce),
    endedDuplicates: new Set(endedDuplicates.map(({ id }) => id)),
  };
}
