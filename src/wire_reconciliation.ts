import { AuditedAccounts } from "./application/audited_accounts.ts";
import { EndDuplicates } from "./application/end_duplicates.ts";
import { Reconcile } from "./application/reconcile.ts";
import type { RefreshEmailQuota } from "./application/refresh_email_quota.ts";
import { SweepUndeliveredEvents } from "./application/sweep_undelivered_events.ts";
import type { BillingDependencies } from "./billing_settings.ts";
import { runningCause } from "./running_cause.ts";

/** Wires the comparison with the payment provider. */
export function wireReconciliation(
  { store, payments, clock, settings, raiseAlert = () => undefined }: BillingDependencies,
  { refreshEmailQuota }: { refreshEmailQuota: RefreshEmailQuota },
): Reconcile {
  const { audit, ledger, catalog, inbox } = store;
  const causes = runningCause;
  const accounts = new AuditedAccounts({ accounts: store.accounts, audit, causes, clock });
  const { duplicatePolicy = "cancel-and-refund" } = settings;
  return new Reconcile(
    {
      ...{ accounts, ledger, catalog, refreshEmailQuota, causes, clock },
      background: (signal) => payments.background(signal),
      endDuplicatesAt: ({ gateway }) =>
        new EndDuplicates(
          { payments: gateway, raiseAlert, noteChange: (note) => accounts.note(note) },
          { duplicatePolicy },
        ),
      sweepUndeliveredEvents: new SweepUndeliveredEvents({ inbox, clock }),
    },
    settings,
  );
}
