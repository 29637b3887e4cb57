import { expect } from "chai";
import type { Stripe } from "stripe";
import { createStripeClient } from "../../../src/adapters/stripe/create_stripe_client.ts";
import { requestList } from "../../../src/adapters/stripe/request_list.ts";
import { SECRET_KEY } from "./connected.ts";
import { startLocalServer } from "./local_server.ts";

describe("requestList", () => {
  /** What reaches Stripe, and what comes back. */
  async function sent(request: (stripe: Stripe) => Promise<unknown>, answer: object) {
    const seen: unknown[] = [];
    const server = await startLocalServer(({ method, url = "", headers }, response) => {
      const { pathname, searchParams } = new URL(url, "http://stripe");
      seen.push({ method, pathname, query: [...searchParams], headers });
      response.setHeader("Request-Id", "req_list").end(JSON.stringify(answer));
    });
    try {
      const stripe = createStripeClient({ secretKey: SECRET_KEY, baseUrl: server.origin });
      const page = await request(stripe);
      return {
        seen: JSON.parse(JSON.stringify(seen).replaceAll(server.origin.slice(7), "")),
        page,
      };
    } finally {
      await server.close();
    }
  }

  const list = { object: "list", data: [{ id: "in_1", object: "invoice" }], has_more: false };

  it("asks exactly as stripe-node's own method does", async () => {
    const params = {
      customer: "cus_a b&c=d'é[0]",
      status: undefined,
      created: { gte: 1_788_268_800, lt: 1_788_268_900 },
      expand: ["data.schedule", "data.customer.invoice_settings.default_payment_method"],
      limit: 100,
    };
    const own = await sent((stripe) => requestList(stripe, "/v1/invoices", params), list);
    const { status: _, ...given } = params;
    const theirs = await sent((stripe) => stripe.invoices.list(given), list);
    expect(own.seen).to.deep.equal(theirs.seen);
    expect(own.seen).to.have.lengthOf(1);
    expect(own.seen[0].query).to.have.deep.members([
      ["customer", params.customer],
      ["created[gte]", "1788268800"],
      ["created[lt]", "1788268900"],
      ["expand[0]", "data.schedule"],
      ["expand[1]", "data.customer.invoice_settings.default_payment_method"],
      ["limit", "100"],
    ]);
  });

  it("answers the page as it came, with the response that it came in", async () => {
    const data = [{ id: "sub_1", items: { data: [{ price: { unit_amount_decimal: "0.5" } }] } }];
    const request = (stripe: Stripe) => requestList(stripe, "/v1/subscriptions", {});
    const { page } = await sent(request, { ...list, data });
    expect(page).to.deep.equal({ ...list, data });
    expect(page).to.have.nested.property("lastResponse.requestId", "req_list");
  });

  it("fails as stripe-node's own method does", async () => {
    const refusal = { error: { type: "invalid_request_error", code: "resource_missing" } };
    const request = (stripe: Stripe) => requestList(stripe, "/v1/invoices", {});
    const error: unknown = await sent(request, refusal).catch((failure: unknown) => failure);
    expect(error).to.have.property("code", "resource_missing");
  });
});
