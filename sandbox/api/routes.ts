import { meterRoutes } from "./catalog/meters.ts";
import { priceRoutes } from "./catalog/prices.ts";
import { productRoutes } from "./catalog/products.ts";
import { checkoutSessionRoutes } from "./checkout/checkout_sessions.ts";
import { customerRoutes } from "./customers.ts";
import { eventRoutes } from "./events.ts";
import { invoicePreviewRoutes } from "./invoice_preview.ts";
import { invoiceRoutes } from "./invoices.ts";
import { customerMoneyRoutes } from "./invoicing/balance_transactions.ts";
import { couponRoutes } from "./invoicing/coupons.ts";
import { creditNoteRoutes } from "./invoicing/credit_notes.ts";
import { invoiceActionRoutes } from "./invoicing/invoice_actions.ts";
import { invoiceItemRoutes } from "./invoicing/invoice_items.ts";
import { manualInvoiceRoutes } from "./invoicing/manual_invoices.ts";
import { promotionCodeRoutes } from "./invoicing/promotion_codes.ts";
import { taxIdRoutes } from "./invoicing/tax_ids.ts";
import { taxRateRoutes } from "./invoicing/tax_rates.ts";
import { lookupRoutes } from "./lookups.ts";
import { balanceRoutes } from "./paying/balance.ts";
import { chargeRoutes } from "./paying/charges.ts";
import { disputeRoutes } from "./paying/disputes.ts";
import { paymentIntentRoutes } from "./paying/payment_intents.ts";
import { refundRoutes } from "./paying/refunds.ts";
import { portalConfigurationRoutes } from "./portal_configurations.ts";
import { portalSessionRoutes } from "./portal_sessions.ts";
import { accountRoutes } from "./protocol/account.ts";
import type { Route } from "./route.ts";
import { searchRoutes } from "./search/search.ts";
import { subscriptionScheduleRoutes } from "./subscription_schedules.ts";
import { subscriptionCreationRoutes } from "./subscriptions/create_route.ts";
import { subscriptionDiscountRoutes } from "./subscriptions/discount_route.ts";
import { subscriptionItemRoutes } from "./subscriptions/item_routes.ts";
import { subscriptionLifeRoutes } from "./subscriptions/life_routes.ts";
import { subscriptionRoutes } from "./subscriptions.ts";
import { testClockRoutes } from "./time/test_clocks.ts";
import { paymentMethodRoutes } from "./wallet/payment_methods.ts";
import { setupIntentRoutes } from "./wallet/setup_intents.ts";
import { sourceRoutes } from "./wallet/sources.ts";
import { webhookEndpointRoutes } from "./webhook_endpoints.ts";

/** Everything that the API answers to. */
export const ROUTES: readonly Route[] = [
  ...searchRoutes,
  ...customerRoutes,
  ...paymentMethodRoutes,
  ...sourceRoutes,
  ...setupIntentRoutes,
  ...productRoutes,
  ...priceRoutes,
  ...meterRoutes,
  ...checkoutSessionRoutes,
  ...portalConfigurationRoutes,
  ...portalSessionRoutes,
  ...subscriptionRoutes,
  ...subscriptionCreationRoutes,
  ...subscriptionLifeRoutes,
  ...subscriptionItemRoutes,
  ...subscriptionScheduleRoutes,
  ...invoicePreviewRoutes,
  ...invoiceRoutes,
  ...invoiceActionRoutes,
  ...manualInvoiceRoutes,
  ...invoiceItemRoutes,
  ...customerMoneyRoutes,
  ...creditNoteRoutes,
  ...couponRoutes,
  ...subscriptionDiscountRoutes,
  ...promotionCodeRoutes,
  ...taxRateRoutes,
  ...taxIdRoutes,
  ...eventRoutes,
  ...webhookEndpointRoutes,
  ...refundRoutes,
  ...disputeRoutes,
  ...balanceRoutes,
  ...chargeRoutes,
  ...paymentIntentRoutes,
  ...lookupRoutes,
  ...accountRoutes,
  ...testClockRoutes,
];

/** What the API answers to, such as `POST /v1/customers`. */
export const ROUTE_NAMES: readonly string[] = ROUTES.map(({ method, path }) => `${method} ${path}`);
