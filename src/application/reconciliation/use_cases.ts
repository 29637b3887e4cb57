import type { BillingPorts } from "../ports/billing_ports.ts";
import type { SynchronizationPorts } from "../synchronization/use_cases.ts";
import { NameForeign } from "./name_foreign.ts";
import { Reconcile } from "./reconcile.ts";
import type { ReconcileTenantSettings } from "./reconcile_tenant.ts";
import { SweepUndeliveredEvents } from "./sweep_undelivered_events.ts";

/** The use cases that compare tenants with the payment provider. */
export function reconciliationUseCases(
  dependencies: BillingPorts & Pick<SynchronizationPorts, "nameAttention">,
  settings: ReconcileTenantSettings,
) {
  const sweepUndeliveredEvents = new SweepUndeliveredEvents(dependencies);
  const nameForeign = new NameForeign(dependencies);
  const parts = { ...dependencies, sweepUndeliveredEvents, nameForeign };
  return { reconcile: new Reconcile(parts, settings) };
}
