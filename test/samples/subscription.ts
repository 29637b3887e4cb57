import type { Period } from "../../src/domain/subscription/billing_period.ts";
import type {
  SnapshotInvoice,
  SnapshotItem,
  SnapshotLine,
  SnapshotSubscription,
} from "../../src/domain/subscription/customer_snapshot.ts";
import { MARCH } from "./account.ts";
import { invoice, item, line, subscription } from "./snapshot.ts";

/** An item of a monthly plan in March 2026. */
export function sampleItem(plan = "pro", changes: Partial<SnapshotItem> = {}): SnapshotItem {
  return { ...item(plan, MARCH, { amount: 3_000 }), ...changes };
}

/** An active monthly subscription of the plan pro, in March 2026. */
export function sampleSubscription(
  changes: Partial<SnapshotSubscription> = {},
): SnapshotSubscription {
  return {
    ...subscription(MARCH, { id: "sub_one", customerId: "cus_one" }),
    items: [sampleItem()],
    billingCycleAnchor: MARCH.start,
    createdAt: MARCH.start,
    ...changes,
  };
}

/** A position that charges a whole period of a plan. */
export function sampleLine(
  plan: string,
  covered: Period,
  changes: Partial<SnapshotLine> = {},
): SnapshotLine {
  return line(plan, covered, { subscriptionId: "sub_one", amount: 3_000, ...changes });
}

/** A position that settles a change within a period; a credit when `amount` is negative. */
export function sampleProration(plan: string, amount: number, covered: Period): SnapshotLine {
  return sampleLine(plan, covered, { amount, proration: true });
}

/** A paid renewal of the plan pro in March 2026; its total is the sum of its lines. */
export function sampleInvoice(changes: Partial<SnapshotInvoice> = {}): SnapshotInvoice {
  const lines = changes.lines ?? [sampleLine("pro", MARCH)];
  const createdAt = changes.finalizedAt ?? lines[0]?.period.start ?? MARCH.start;
  return invoice("in_one", "renewal", lines, {
    subscriptionId: "sub_one",
    createdAt,
    ...changes,
  });
}
