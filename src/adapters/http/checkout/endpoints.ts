import type { Endpoint, EndpointOptions } from "../endpoint.ts";
import { listInvoicesEndpoint } from "./list_invoices_endpoint.ts";
import { openPortalEndpoint } from "./open_portal_endpoint.ts";
import { previewCheckoutEndpoint } from "./preview_checkout_endpoint.ts";
import { readBillingDetailsEndpoint } from "./read_billing_details_endpoint.ts";
import { resumeSubscriptionEndpoint } from "./resume_subscription_endpoint.ts";
import { startCheckoutEndpoint } from "./start_checkout_endpoint.ts";

/** The routes of Checkout, the Portal and invoices. */
export function checkoutEndpoints({ billing }: EndpointOptions): readonly Endpoint[] {
  return [
    startCheckoutEndpoint(billing),
    previewCheckoutEndpoint(billing),
    openPortalEndpoint(billing),
    resumeSubscriptionEndpoint(billing),
    readBillingDetailsEndpoint(billing),
    listInvoicesEndpoint(billing),
  ];
}
