import { expect } from "chai";
import { StripeCatalogPublisher } from "../../src/adapters/stripe/catalog/stripe_catalog_publisher.ts";
import type { StripeOperation } from "../../src/adapters/stripe/connect_stripe_operation.ts";
import { createStripeClient } from "../../src/adapters/stripe/create_stripe_client.ts";
import { StripeWebhookEndpoints } from "../../src/adapters/stripe/events/stripe_webhook_endpoints.ts";
import { StripePaymentRecords } from "../../src/adapters/stripe/records/stripe_payment_records.ts";
import { StripeInspection } from "../../src/adapters/stripe/stripe_inspection.ts";
import { StripePaymentGateway } from "../../src/adapters/stripe/stripe_payment_gateway.ts";
import { PriceRegister } from "../../src/adapters/stripe/subscription/price_register.ts";
import { StripeCustomerSnapshots } from "../../src/adapters/stripe/subscription/stripe_customer_snapshots.ts";
import { StripeInvoiceHistory } from "../../src/adapters/stripe/subscription/stripe_invoice_history.ts";
import { StripeTokenPackPayments } from "../../src/adapters/stripe/tokens/stripe_token_pack_payments.ts";
import { PortError } from "../../src/application/ports/port_error.ts";
import { HANDLED_EVENT_TYPES } from "../../src/domain/events/billing_event.ts";
import { NO_PAPERWORK } from "../samples/catalog.ts";
import { type AdaptedPayments, FURTHER_CALLS } from "./further_calls.ts";
import { callsIn, callsInSources, type Recording, recorded } from "./stripe_calls.ts";
import { findStripeMock, type RunningMock, startStripeMock } from "./stripe_mock.ts";
import { TOP_UP_CALLS } from "./top_up_calls.ts";

const URLS = {
  successUrl: "https://app.example.com/done?session={CHECKOUT_SESSION_ID}",
  cancelUrl: "https://app.example.com/plans",
};
const PORTAL = {
  customerId: "cus_1Model",
  configurationId: "bpc_1Model",
  returnUrl: "https://app.example.com/billing",
};
const CHANGE = {
  customerId: "cus_1Model",
  subscriptionId: "sub_1Model",
  itemId: "si_1Model",
  priceId: "price_1Model",
  quantity: 2,
  endsTrial: false,
};
const PURCHASE = {
  customerId: "cus_1Model",
  priceId: "price_1Model",
  trialEnd: null,
  automaticTax: false,
};
const PACK_PAPERWORK = { paperwork: NO_PAPERWORK, invoice: true };
const CHECKOUT = {
  tenantId: "clacme0001",
  customerId: "cus_1Model",
  attempt: 1,
  priceId: "price_1Model",
  planSlug: "pro",
  interval: "month",
  expiresAt: new Date(Date.now() + 23 * 3_600_000),
  trialDays: null,
  paperwork: { automaticTax: true, taxIds: true, promotionCodes: true },
  ...URLS,
} as const;

/** Every call that the adapter can make, in every form. */
const CALLS: Readonly<Record<string, (payments: AdaptedPayments) => Promise<unknown>>> = {
  createCustomer: ({ gateway }) => gateway.createCustomer({ tenantId: "clacme0001" }, "key_1"),
  findCustomer: ({ gateway }) => gateway.findCustomer("clacme0001"),
  billingDetails: ({ gateway }) => gateway.billingDetails("cus_1Model"),
  tenantOfCustomer: ({ gateway }) => gateway.tenantOfCustomer("cus_1Model"),
  snapshots: ({ snapshots }) => snapshots.read("cus_1Model"),
  creditBalance: ({ gateway }) =>
    gateway.creditBalance(
      { customerId: "cus_1Model", invoiceId: "in_1Model", amount: 5, currency: "eur" },
      "key_credit",
    ),
  createCheckout: ({ gateway }) => gateway.createCheckout(CHECKOUT, "key_2"),
  "createCheckout with a trial": ({ gateway }) =>
    gateway.createCheckout({ ...CHECKOUT, trialDays: 14 }, "key_3"),
  openCheckouts: ({ gateway }) => gateway.openCheckouts("cus_1Model"),
  expireCheckout: ({ gateway }) => gateway.expireCheckout("cs_1Model"),
  "createPortalSession at its home": ({ gateway }) =>
    gateway.createPortalSession({ ...PORTAL, flow: null }),
  "createPortalSession for the card": ({ gateway }) =>
    gateway.createPortalSession({ ...PORTAL, flow: { type: "payment_method_update" } }),
  "createPortalSession to cancel": ({ gateway }) =>
    gateway.createPortalSession({
      ...PORTAL,
      flow: { type: "subscription_cancel", subscriptionId: "sub_1Model" },
    }),
  "createPortalSession to change the plan": ({ gateway }) =>
    gateway.createPortalSession({
      ...PORTAL,
      completedUrl: "https://app.example.com/changed",
      flow: { type: "subscription_update_confirm", ...CHANGE },
    }),
  previewChange: ({ gateway }) => gateway.previewChange(CHANGE, "now"),
  "previewChange of what recurs": ({ gateway }) => gateway.previewChange(CHANGE, "recurring"),
  "previewChange at the next renewal": ({ gateway }) =>
    gateway.previewChange({ ...CHANGE, discountIds: ["di_1Model"] }, "at_renewal"),
  "previewChange without discounts": ({ gateway }) =>
    gateway.previewChange({ ...CHANGE, discountIds: [] }, "recurring"),
  "previewChange of a purchase with tax": ({ gateway }) =>
    gateway.previewChange({ ...PURCHASE, automaticTax: true }, "now"),
  "previewChange of a purchase": ({ gateway }) => gateway.previewChange(PURCHASE, "now"),
  "previewChange of a trial": ({ gateway }) =>
    gateway.previewChange({ ...PURCHASE, trialEnd: new Date(Date.now() + 86_400_000) }, "now"),
  "previewChange of what recurs after a purchase": ({ gateway }) =>
    gateway.previewChange(PURCHASE, "recurring"),
  "previewChange at the end of a trial": ({ gateway }) =>
    gateway.previewChange({ ...CHANGE, endsTrial: true }, "now"),
  resumeSubscription: ({ gateway }) =>
    gateway.resumeSubscription({ subscriptionId: "sub_1Model", keepsPeriod: false }, "key_resume"),
  "resumeSubscription within its period": ({ gateway }) =>
    gateway.resumeSubscription({ subscriptionId: "sub_1Model", keepsPeriod: true }, "key_goes_on"),
  cancelSubscription: ({ gateway }) => gateway.cancelSubscription("sub_1Model"),
  cancelAtPeriodEnd: ({ gateway }) => gateway.cancelAtPeriodEnd("sub_1Model"),
  "redactCustomer by deleting it": ({ gateway }) => gateway.redactCustomer("cus_1Model", "delete"),
  "redactCustomer by emptying it": ({ gateway }) => gateway.redactCustomer("cus_1Model", "empty"),
  reversedPayments: ({ gateway }) => gateway.reversedPayments("cus_1Model"),
  refundInvoice: ({ gateway }) => gateway.refundInvoice("in_1Model", "key_4"),
  createPackCheckout: ({ packs }) => {
    const request = { tenantId: "clacme0001", customerId: "cus_1Model", priceId: "price_1Model" };
    return packs.createPackCheckout(
      { ...request, packSlug: "small", tokens: 1_000, ...URLS, ...PACK_PAPERWORK },
      "key_5",
    );
  },
  purchases: ({ packs }) => packs.purchases("cus_1Model", "clacme0001", false),
  listInvoices: ({ invoices }) => invoices.list("cus_1Model", { limit: 20 }),
  "listInvoices of a further page": ({ invoices }) =>
    invoices.list("cus_1Model", { after: "in_1Model", limit: 20 }),
  customerOfEvent: ({ packs }) =>
    packs.customerOfEvent(
      JSON.stringify({ data: { object: { object: "refund", payment_intent: "pi_1Model" } } }),
    ),
  "subscriptions of all tenants": ({ background }) =>
    firstOf(background(STAYS).records.subscriptions()),
  "invoices of all tenants": async ({ background }) => {
    for await (const _ of background(STAYS).records.invoices(new Date("2026-11-01"))) {
      // Every list is asked.
    }
  },
  "packs of all tenants": ({ background }) => firstOf(background(STAYS).records.packs()),
  "customers of all tenants": ({ background }) => firstOf(background(STAYS).records.customers()),
  "customers with refunds or disputes": async ({ background }) => {
    const { records } = background(STAYS);
    for await (const _ of records.reversedCustomers(new Date("2026-11-01"))) {
      // Both lists are read to their ends.
    }
  },
  "payments of all customers": async ({ background }) => {
    for await (const _ of background(STAYS).records.payments(new Date("2026-11-01"))) {
      // All lists are read to their ends.
    }
  },
  "payments for a subscription": async ({ background }) => {
    for await (const _ of background(STAYS).records.paymentsFor("sub_1Model")) {
      // The list is read to its end.
    }
  },
  "kept money of an invoice": ({ background }) => background(STAYS).gateway.keptMoney("in_1Model"),
  "kept money of a Checkout": ({ background }) => background(STAYS).gateway.keptMoney("cs_1Model"),
  "kept money of a payment": ({ background }) => background(STAYS).gateway.keptMoney("pi_1Model"),
  "kept money of a charge": ({ background }) => background(STAYS).gateway.keptMoney("ch_1Model"),
  "payment by invoice": ({ background }) => background(STAYS).records.payment("in_1Model"),
  "payment by Checkout": ({ background }) => background(STAYS).records.payment("pi_1Model"),
  "payment of a Checkout": ({ background }) => background(STAYS).records.payment("cs_1Model"),
  "payment by charge": ({ background }) => background(STAYS).records.payment("ch_1Model"),
  checkoutOf: ({ background }) => background(STAYS).records.checkoutOf("in_1Model"),
  "undelivered events": ({ background }) =>
    firstOf(background(STAYS).records.events({ undelivered: true })),
  "events since a time": ({ background }) =>
    firstOf(background(STAYS).records.events({ since: new Date("2026-11-01") })),
  prices: ({ publisher }) => publisher.prices(["mailingcore_pro_month"]),
  "putProduct of a plan": ({ publisher }) =>
    publisher.putProduct({ productId: "prod_1Model", name: "Pro", planSlug: "pro" }),
  "putProduct of a pack": ({ publisher }) =>
    publisher.putProduct({ productId: "prod_1Model", name: "Small", packSlug: "small" }),
  createPrice: ({ publisher }) =>
    publisher.createPrice({ ...PRICE, interval: "month", lookupKey: "mailingcore_pro_month" }),
  specifyTax: ({ publisher }) =>
    publisher.specifyTax({ priceId: "price_1Model", taxBehavior: "exclusive" }),
  "createPrice with tax in it": ({ publisher }) => {
    const price = { ...PRICE, interval: null, lookupKey: "mailingcore_small" };
    return publisher.createPrice({ ...price, taxBehavior: "inclusive" });
  },
  "createPrice paid once": ({ publisher }) =>
    publisher.createPrice({ ...PRICE, interval: null, lookupKey: "mailingcore_small" }),
  products: ({ publisher }) => publisher.products(["prod_1Model", "prod_2Model"]),
  comparePortal: ({ publisher }) =>
    publisher.comparePortal({
      purpose: "home",
      returnUrl: "https://app.example.com/billing",
      offers: [],
    }),
  putPortalConfiguration: ({ publisher }) =>
    publisher.putPortalConfiguration({
      purpose: "plan_change",
      returnUrl: "https://app.example.com/billing",
      offers: [{ productId: "prod_1Model", priceIds: ["price_1Model"] }],
    }),
};

/** Every call that is made for operators only. */
const OPERATION_CALLS: Readonly<Record<string, (operation: StripeOperation) => Promise<unknown>>> =
  {
    "endpoints.list": ({ endpoints }) => endpoints.list(),
    "endpoints.create": ({ endpoints }) =>
      endpoints.create({
        url: "https://billing.example.com/billing/webhook",
        eventTypes: HANDLED_EVENT_TYPES,
      }),
    "endpoints.update": ({ endpoints }) => endpoints.update("we_1Model", HANDLED_EVENT_TYPES),
    inspect: ({ inspection }) => inspection.inspect(),
    missingPermissions: ({ inspection }) => inspection.missingPermissions(),
    taxSetup: ({ inspection }) => inspection.taxSetup(),
  };

const STAYS = new AbortController().signal;
const PRICE = { productId: "prod_1Model", amount: 2_900, currency: "eur", taxBehavior: null };

const mock = await findStripeMock();

describe("Requests of the Stripe adapter, before Stripe's own mock", () => {
  if ("reason" in mock) {
    process.stderr.write(`\n*** stripe-mock: DID NOT RUN: ${mock.reason}\n\n`);
    it("DID NOT RUN, which is allowed where REQUIRE_STRIPE_MOCK is not set", () => {
      expect(process.env.REQUIRE_STRIPE_MOCK, mock.reason).to.not.equal("1");
    });
    return;
  }

  let running: RunningMock;
  let payments: AdaptedPayments;
  let operation: StripeOperation;
  const recording: Recording = { called: new Set(), staged: {} };

  before(async () => {
    running = await startStripeMock(mock);
    const options = { secretKey: "sk_test_123", baseUrl: running.url, maxNetworkRetries: 0 };
    const stripe = recorded(createStripeClient(options), recording);
    const common = {
      gateway: new StripePaymentGateway(stripe),
      snapshots: new StripeCustomerSnapshots(stripe, new PriceRegister()),
      packs: new StripeTokenPackPayments(stripe),
    };
    payments = {
      ...common,
      snapshots: new StripeCustomerSnapshots(stripe, new PriceRegister()),
      invoices: new StripeInvoiceHistory(stripe),
      publisher: new StripeCatalogPublisher(stripe),
      background: () => ({
        ...common,
        records: new StripePaymentRecords(stripe, new PriceRegister()),
      }),
    };
    operation = {
      endpoints: new StripeWebhookEndpoints(stripe),
      inspection: new StripeInspection(stripe),
    };
  });
  after(() => running.stop());

  const calls: [string, () => Promise<unknown>][] = [
    ...Object.entries(CALLS).map(([name, call]): [string, () => Promise<unknown>] => [
      name,
      () => call(payments),
    ]),
    ...Object.entries(OPERATION_CALLS).map(([name, call]): [string, () => Promise<unknown>] => [
      name,
      () => call(operation),
    ]),
    ...Object.entries({ ...FURTHER_CALLS, ...TOP_UP_CALLS }).map(
      ([name, { staged, call }]): [string, () => Promise<unknown>] => [
        name,
        () => {
          recording.staged = staged;
          return call(payments);
        },
      ],
    ),
  ];
  afterEach(() => {
    recording.staged = {};
  });

  for (const [name, call] of calls) {
    it(`${name} is accepted`, async () => {
      const from = running.requests.length;
      // What the mock answers are samples that contradict each other: only the request counts.
      await call().catch((error: unknown) => expect(error).to.be.instanceOf(PortError));
      const made = running.requests.slice(from);
      expect(made.length, "no request was made").to.be.greaterThan(0);
      expect(made.filter(({ status }) => status >= 400)).to.deep.equal([]);
    });
  }

  it("no call of the adapter is left out", () => {
    expect([...recording.called].toSorted()).to.deep.equal([...callsInSources()].toSorted());
  });

  it("a call in the sources is seen, and a part of the client that is taken aside is refused", () => {
    expect(callsIn("this.#stripe\n  .customers.create({})")).to.deep.equal(["customers.create"]);
    expect(callsIn('requestList(this.#stripe, "/v1/x", {})')).to.deep.equal(["GET /v1/x"]);
    expect(() => callsIn("const { create } = this.#stripe.customers;")).to.throw("is no call");
  });

  it("a parameter that does not exist is refused: the mock looks", async () => {
    const response = await fetch(`${running.url}/v1/customers`, {
      method: "POST",
      headers: { authorization: "Bearer sk_test_123" },
      body: new URLSearchParams({ colour: "red" }),
    });
    expect(response.status).to.equal(400);
  });
});

async function firstOf<T>(all: AsyncIterable<T>): Promise<T | undefined> {
  for await (const one of all) {
    return one;
  }
  return undefined;
}
