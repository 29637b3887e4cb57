import { ListInvoices } from "./application/list_invoices.ts";
import { ListPlans } from "./application/list_plans.ts";
import { OpenCheckout } from "./application/open_checkout.ts";
import { OpenPortal } from "./application/open_portal.ts";
import type { PlanUseCases } from "./application/plan_use_cases.ts";
import type { AccountStore } from "./application/ports/account_store.ts";
import type { CatalogPublisher } from "./application/ports/catalog_publisher.ts";
import type { CatalogStore } from "./application/ports/catalog_store.ts";
import type { Clock } from "./application/ports/clock.ts";
import type { InvoiceHistory } from "./application/ports/invoice_history.ts";
import type { PaymentGateway } from "./application/ports/payment_gateway.ts";
import { PreviewCheckout } from "./application/preview_checkout.ts";
import type { ProvideCustomer } from "./application/provide_customer.ts";
import { StartCheckout } from "./application/start_checkout.ts";
import { SyncCatalog } from "./application/sync_catalog.ts";
import type { SyncSubscription } from "./application/sync_subscription.ts";
import type { RedirectPolicy } from "./domain/redirect_url.ts";

/** What the use cases of plans are wired to. */
export interface PlanDependencies {
  readonly accounts: AccountStore;
  readonly catalog: CatalogStore;
  readonly payments: PaymentGateway;
  readonly invoices: InvoiceHistory;
  readonly publisher: CatalogPublisher;
  readonly syncSubscription: SyncSubscription;
  readonly provideCustomer: ProvideCustomer;
  readonly clock: Clock;
  readonly settings: { readonly redirects: RedirectPolicy; readonly dashboardUrl: string };
}

/** Wires the use cases of plans. */
export function wirePlans(dependencies: PlanDependencies): PlanUseCases {
  const { settings } = dependencies;
  const ports = { ...dependencies, openCheckout: new OpenCheckout(dependencies) };
  return {
    listPlans: new ListPlans(ports),
    startCheckout: new StartCheckout(ports, settings),
    previewCheckout: new PreviewCheckout(ports),
    openPortal: new OpenPortal(ports, settings),
    listInvoices: new ListInvoices(ports),
    syncCatalog: new SyncCatalog(ports, settings),
  };
}
