import type { BillingPorts } from "../ports/billing_ports.ts";
import { ListPlans } from "./list_plans.ts";
import { ListTokenPacks } from "./list_token_packs.ts";
import { SyncCatalog } from "./sync_catalog.ts";

/** The use cases that list and publish plans and token packs. */
export function catalogUseCases(ports: BillingPorts, settings: { dashboardUrl: string }) {
  return {
    listPlans: new ListPlans(ports),
    listTokenPacks: new ListTokenPacks(ports),
    syncCatalog: new SyncCatalog(ports, settings),
  };
}
