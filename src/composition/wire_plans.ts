import type { AccountUseCases } from "../application/account_use_cases.ts";
import { ListPlans } from "../application/catalog/list_plans.ts";
import { SyncCatalog } from "../application/catalog/sync_catalog.ts";
import { ListInvoices } from "../application/checkout/list_invoices.ts";
import { OpenCheckout } from "../application/checkout/open_checkout.ts";
import { OpenPortal } from "../application/checkout/open_portal.ts";
import { PreviewCheckout } from "../application/checkout/preview_checkout.ts";
import { ProvideCustomer } from "../application/checkout/provide_customer.ts";
import { StartCheckout } from "../application/checkout/start_checkout.ts";
import type { PlanUseCases } from "../application/plan_use_cases.ts";
import type { BillingPorts } from "./billing_ports.ts";

/** What the use cases of plans are wired to. */
export type PlanDependencies = BillingPorts & Pick<AccountUseCases, "syncSubscription">;

/** Wires the use cases of plans. */
export function wirePlans(dependencies: PlanDependencies): PlanUseCases {
  const { settings } = dependencies;
  const provideCustomer = new ProvideCustomer(dependencies);
  const openCheckout = new OpenCheckout({ ...dependencies, provideCustomer });
  return {
    listPlans: new ListPlans(dependencies),
    startCheckout: new StartCheckout({ ...dependencies, openCheckout }, settings),
    previewCheckout: new PreviewCheckout(dependencies),
    openPortal: new OpenPortal(dependencies, settings),
    listInvoices: new ListInvoices(dependencies),
    syncCatalog: new SyncCatalog(dependencies, settings),
  };
}
