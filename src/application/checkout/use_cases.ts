import type { PaperworkSettings } from "../../domain/catalog/paperwork.ts";
import type { RedirectPolicy } from "../../domain/checkout/redirect_url.ts";
import type { BillingPorts } from "../ports/billing_ports.ts";
import type { SynchronizationUseCases } from "../synchronization/use_cases.ts";
import { ListInvoices } from "./list_invoices.ts";
import { OpenCheckout } from "./open_checkout.ts";
import { OpenPortal } from "./open_portal.ts";
import { PreviewCheckout } from "./preview_checkout.ts";
import { ProvideCustomer } from "./provide_customer.ts";
import { ReadBillingDetails } from "./read_billing_details.ts";
import { ResumeSubscription } from "./resume_subscription.ts";
import { StartCheckout } from "./start_checkout.ts";
import { StartPackCheckout } from "./start_pack_checkout.ts";

/** Use cases that sell plans and token packs and show payments. */
export function checkoutUseCases(
  dependencies: BillingPorts & Pick<SynchronizationUseCases, "synchronizeTenant">,
  settings: RedirectPolicy &
    PaperworkSettings & {
      dashboardUrl: string;
      graceDays: number;
      refundDuplicates: boolean;
    },
) {
  const provideCustomer = new ProvideCustomer(dependencies);
  const openCheckout = new OpenCheckout({ ...dependencies, provideCustomer });
  const resumeSubscription = new ResumeSubscription(dependencies);
  const parts = { ...dependencies, openCheckout, resumeSubscription };
  return {
    startCheckout: new StartCheckout(parts, settings),
    resumeSubscription,
    startPackCheckout: new StartPackCheckout({ ...dependencies, provideCustomer }, settings),
    previewCheckout: new PreviewCheckout(dependencies, settings),
    openPortal: new OpenPortal(dependencies, settings),
    readBillingDetails: new ReadBillingDetails(dependencies),
    listInvoices: new ListInvoices(dependencies),
  };
}
