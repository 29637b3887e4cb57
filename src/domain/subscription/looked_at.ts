import type { BillingAccount } from "./billing_account.ts";
import type { CustomerSnapshot, SnapshotSubscription } from "./customer_snapshot.ts";

/** A tenant after a look at the payment provider. */
export interface LookedAt {
  readonly account: BillingAccount;
  /** What the account was derived from; `null` if the tenant has no customer there. */
  readonly snapshot: CustomerSnapshot | null;
}

/** Finds the subscription that counts (P14), with everything that the snapshot says about it. */
export function currentSnapshotSubscription({
  account,
  snapshot,
}: LookedAt): SnapshotSubscription | undefined {
  const id = account.standing?.subscription?.id;
  return snapshot?.subscriptions.find((subscription) => subscription.id === id);
}
