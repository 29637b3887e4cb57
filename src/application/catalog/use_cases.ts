import type { PaperworkSettings } from "../../domain/catalog/paperwork.ts";
import type { BillingPorts } from "../ports/billing_ports.ts";
import { ListPlans } from "./list_plans.ts";
import { ListTokenPacks } from "./list_token_packs.ts";
import { SyncCatalog } from "./sync_catalog.ts";

/** The use cases that list and publish plans and token packs. */
export function catalogUseCases(
  ports: BillingPorts,
  settings: PaperworkSettings & { dashboardUrl: string },
) {
  return {
    listPlans: new ListPlans(ports, settings),
    listTokenPacks: new ListTokenPacks(ports, settings),
    syncCatalog: new SyncCatalog(ports, settings),
  };
}
