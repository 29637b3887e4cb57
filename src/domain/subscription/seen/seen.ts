import type { Catalog } from "../../catalog/catalog.ts";
import { orderedJson, textNumber } from "../../text_number.ts";
import type { BillingAccount, Seen } from "../billing_account.ts";
import type { DuplicateSubscription } from "../current_subscription.ts";
import type { CustomerSnapshot } from "../customer_snapshot.ts";
import { unexplainedPayments, unexplainedSubscriptions } from "../findings/unexplained.ts";
import { lookFindings } from "../look_findings.ts";
import { listedFacts } from "./listed_facts.ts";
import { mayHavePendingLines } from "./pending_lines.ts";

/** The circumstances of a look. */
export interface SeenQuestion {
  readonly catalog: Catalog;
  readonly reported: readonly DuplicateSubscription[];
  readonly now: Date;
}

/**
 * Seals an account as a look leaves it; `null` where the lists alone cannot show that another look
 * would change nothing: for a tenant that has or may have something to be named, to be undone, to be
 * ended or to be billed.
 */
export function seenBy(
  account: BillingAccount,
  snapshot: CustomerSnapshot,
  question: SeenQuestion,
): Seen | null {
  return isQuiet(account, snapshot, question)
    ? { facts: listedFacts(snapshot, question.catalog), state: accountState(account) }
    : null;
}

function isQuiet(
  account: BillingAccount,
  snapshot: CustomerSnapshot,
  { catalog, reported, now }: SeenQuestion,
): boolean {
  const question = { catalog, named: [], now };
  return (
    !snapshot.deleted &&
    account.ending === null &&
    account.endedDuplicates.length === 0 &&
    reported.length === 0 &&
    snapshot.invoices.every(({ status }) => status !== "draft") &&
    !mayHavePendingLines(snapshot) &&
    lookFindings(account, snapshot, { duplicates: reported, catalog, now }).length === 0 &&
    unexplainedSubscriptions(account, snapshot, question).length === 0 &&
    unexplainedPayments(account, snapshot, question).length === 0
  );
}

/** A number for everything that a look decides about an account. */
export function accountState(account: BillingAccount): number {
  const { customerId, subscription, standing, knownSince, lookedAt } = account;
  const { inForce, endedDuplicates, ending } = account;
  const decided = { customerId, subscription, standing, knownSince, lookedAt };
  return textNumber(orderedJson({ ...decided, inForce, endedDuplicates, ending }));
}
