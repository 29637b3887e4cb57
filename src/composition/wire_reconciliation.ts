import type { EmailQuotaUseCases } from "../application/email_quota_use_cases.ts";
import { Reconcile } from "../application/reconciliation/reconcile.ts";
import { SweepUndeliveredEvents } from "../application/reconciliation/sweep_undelivered_events.ts";
import { EndDuplicates } from "../application/subscription/end_duplicates.ts";
import type { BillingPorts } from "./billing_ports.ts";

/** What the comparison with the payment provider is wired to. */
export type ReconciliationDependencies = BillingPorts &
  Pick<EmailQuotaUseCases, "refreshEmailQuota">;

/** Wires the comparison with the payment provider. */
export function wireReconciliation(dependencies: ReconciliationDependencies): Reconcile {
  const { settings } = dependencies;
  const { duplicatePolicy = "cancel-and-refund" } = settings;
  return new Reconcile(
    {
      ...dependencies,
      endDuplicatesAt: ({ gateway: payments }) =>
        new EndDuplicates({ ...dependencies, payments }, { duplicatePolicy }),
      sweepUndeliveredEvents: new SweepUndeliveredEvents(dependencies),
    },
    settings,
  );
}
