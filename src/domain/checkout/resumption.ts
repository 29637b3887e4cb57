import {
  type CustomerSnapshot,
  creditsTime,
  oldestFirst,
  type SnapshotSubscription,
} from "../subscription/customer_snapshot.ts";
import { currentSnapshotSubscription, type LookedAt } from "../subscription/looked_at.ts";
import type { Standing } from "../subscription/standing.ts";
import { isLive, type SubscriptionStatus } from "../subscription/subscription.ts";
import type { Waiting } from "./plan_change.ts";

/** What has to happen so that a paused subscription goes on (P17). */
export type ResumptionStep =
  /** Nothing: it is not paused. */
  | { readonly type: "running"; readonly status: SubscriptionStatus }
  | { readonly type: "no_subscription" }
  /** An invoice has to be paid first, on its own page. */
  | { readonly type: "payment_required"; readonly url: string }
  /** Its invoice is being paid, as by a bank debit, which takes some days. */
  | Waiting
  /** Stripe resumes only what is charged automatically. */
  | { readonly type: "invoiced_by_email" }
  | {
      readonly type: "resume";
      readonly subscriptionId: string;
      /** Whether the rest of a period that is paid goes on; otherwise a new period begins. */
      readonly keepsPeriod: boolean;
      /** Names this pause: the same for everybody who resumes it, another for the next one. */
      readonly occasion: string;
    };

/** Finds the next step to resume the subscription that counts. Changes nothing. */
export function resumptionStep(look: LookedAt, now: Date): ResumptionStep {
  const { account, snapshot } = look;
  const subscription = currentSnapshotSubscription(look);
  if (snapshot === null || subscription === undefined || !isLive(subscription.status)) {
    return { type: "no_subscription" };
  }
  const { id: subscriptionId, status, billingCycleAnchor } = subscription;
  if (status !== "paused") {
    return { type: "running", status };
  }
  if (subscription.collectionMethod === "send_invoice") {
    return { type: "invoiced_by_email" };
  }
  const own = oldestFirst(snapshot.invoices).filter(
    (invoice) => invoice.subscriptionId === subscriptionId,
  );
  if (own.some(({ amountProcessing }) => amountProcessing > 0)) {
    return { type: "waiting", for: "processing", retryAt: null };
  }
  const url = own.find(({ status: paid, hostedUrl }) => paid === "open" && hostedUrl)?.hostedUrl;
  return url
    ? { type: "payment_required", url }
    : {
        type: "resume",
        subscriptionId,
        keepsPeriod: isPaidFor(subscription, { standing: account.standing, snapshot, now }),
        occasion: `${subscriptionId}:${+billingCycleAnchor}:${own.at(-1)?.id ?? "none"}`,
      };
}

/** Whether this moment is paid for and was not credited when the subscription was paused. */
function isPaidFor(
  { id }: SnapshotSubscription,
  { standing, snapshot, now }: { standing: Standing | null; snapshot: CustomerSnapshot; now: Date },
): boolean {
  const paid = standing?.lines.findLast(({ basis }) => basis === "paid")?.period;
  if (paid === undefined || now < paid.start || paid.end <= now) {
    return false;
  }
  const lines = [
    ...snapshot.invoices.flatMap((invoice) => invoice.lines),
    ...snapshot.pendingLines,
  ];
  return !lines.some(
    (line) =>
      line.subscriptionId === id &&
      creditsTime(line) &&
      paid.start <= line.period.start &&
      now < line.period.end,
  );
}
