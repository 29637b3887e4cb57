import type { ListPlans } from "./catalog/list_plans.ts";
import type { SyncCatalog } from "./catalog/sync_catalog.ts";
import type { ListInvoices } from "./checkout/list_invoices.ts";
import type { OpenPortal } from "./checkout/open_portal.ts";
import type { PreviewCheckout } from "./checkout/preview_checkout.ts";
import type { StartCheckout } from "./checkout/start_checkout.ts";

/** What billing can do about plans: offer them, sell them, change them, show their invoices. */
export interface PlanUseCases {
  readonly listPlans: ListPlans;
  readonly startCheckout: StartCheckout;
  readonly previewCheckout: PreviewCheckout;
  readonly openPortal: OpenPortal;
  readonly listInvoices: ListInvoices;
  readonly syncCatalog: SyncCatalog;
}
