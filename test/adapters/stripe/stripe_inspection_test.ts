import { readdir, readFile } from "node:fs/promises";
import { expect } from "chai";
import { connectStripeOperation } from "../../../src/adapters/stripe/connect_stripe_operation.ts";
import { SECRET_KEY } from "./connected.ts";
import { fixture, page } from "./fixture.ts";
import { useRecordedApi } from "./recorded_api.ts";
import { rejectionOf } from "./rejection_of.ts";

const LISTS = [
  "/v1/customers",
  "/v1/tax_ids",
  "/v1/subscriptions",
  "/v1/invoices",
  "/v1/invoiceitems",
  "/v1/invoice_payments",
  "/v1/credit_notes",
  "/v1/checkout/sessions",
  "/v1/charges",
  "/v1/payment_intents",
  "/v1/refunds",
  "/v1/disputes",
  "/v1/products",
  "/v1/prices",
  "/v1/billing_portal/configurations",
  "/v1/webhook_endpoints",
  "/v1/events",
];
const WRITES = [
  "POST /v1/customers/cus_mailingcoredoctor",
  "POST /v1/customers/cus_mailingcoredoctor/balance_transactions",
  "POST /v1/payment_methods/pm_mailingcoredoctor/detach",
  "DELETE /v1/customers/cus_mailingcoredoctor/tax_ids/txi_mailingcoredoctor",
  "DELETE /v1/subscriptions/sub_mailingcoredoctor",
  "POST /v1/subscription_schedules/sub_sched_mailingcoredoctor/release",
  "POST /v1/invoices/in_mailingcoredoctor/void",
  "DELETE /v1/invoiceitems/ii_mailingcoredoctor",
  "POST /v1/checkout/sessions/cs_test_mailingcoredoctor/expire",
  "POST /v1/refunds",
  "POST /v1/products/prod_mailingcoredoctor",
  "POST /v1/prices/price_mailingcoredoctor",
  "POST /v1/billing_portal/sessions",
  "POST /v1/billing_portal/configurations/bpc_mailingcoredoctor",
  "POST /v1/webhook_endpoints/we_mailingcoredoctor",
];
const headers = { "stripe-version": "2026-10-28.endive" };
const facts = { apiVersion: "2026-10-28.endive" };

const ADAPTER = new URL("../../../src/adapters/stripe/", import.meta.url);
/** Parts of what is asked about. */
const PART_OF = new Set(["subscriptionItems."]);

function refusal(status: number, message = "no") {
  return { status, headers, body: { error: { type: "invalid_request_error", message } } };
}

describe("StripeInspection", () => {
  const api = useRecordedApi();
  const { inspection } = connectStripeOperation({ secretKey: SECRET_KEY, maxNetworkRetries: 0 });

  it("inspect tells the key's mode and Stripe's version from one small request", async () => {
    const body = page([fixture("product", { livemode: true })]);
    api.answer("GET", "/v1/products", { headers, body });
    const found = await inspection.inspect();
    expect(found).to.deep.equal({ keyAccepted: true, livemode: true, ...facts });
    expect(api.single().query).to.deep.equal({ limit: "1" });
  });

  it("inspect leaves open what Stripe does not show", async () => {
    api.answer("GET", "/v1/products", { body: page([]) });
    expect(await inspection.inspect()).to.deep.equal({
      keyAccepted: true,
      livemode: null,
      apiVersion: null,
    });
  });

  for (const [status, keyAccepted] of [
    [401, false],
    [403, true],
  ] as const) {
    it(`inspect takes ${status} for an answer about the key, which tells the version, too`, async () => {
      api.answer("GET", "/v1/products", refusal(status));
      const found = await inspection.inspect();
      expect(found).to.deep.equal({ keyAccepted, livemode: null, ...facts });
    });
  }

  it("inspect fails where Stripe does, or something else answers", async () => {
    api.answer("GET", "/v1/products", refusal(500));
    expect(await rejectionOf(inspection.inspect())).to.include({ transient: true });
    api.answer("GET", "/v1/products", { body: { object: "page" } });
    expect((await rejectionOf(inspection.inspect())).message).to.include("no list");
  });

  it("P42 taxSetup tells whether Stripe Tax can compute, and what it lacks", async () => {
    const settings = {
      object: "tax.settings",
      defaults: { tax_behavior: null },
      status: "pending",
    };
    const pending = { missing_fields: ["head_office"] };
    const body = { ...settings, status_details: { pending } };
    api.answer("GET", "/v1/tax/settings", { body });
    expect(await inspection.taxSetup()).to.deep.equal({
      isReady: false,
      missing: ["head_office"],
      hasDefault: false,
    });
    const defaults = { tax_behavior: "inferred_by_currency" };
    const ready = { ...settings, defaults, status: "active", status_details: { active: {} } };
    api.answer("GET", "/v1/tax/settings", { body: ready });
    expect(await inspection.taxSetup()).to.deep.equal({
      isReady: true,
      missing: [],
      hasDefault: true,
    });
  });

  /** What Stripe answers to writes of what there is not. */
  function answerWrites(reply = (_path: string) => refusal(404)): void {
    for (const write of WRITES) {
      const [method, path = ""] = write.split(" ");
      api.answer(method === "POST" ? "POST" : "DELETE", path, reply(path));
    }
  }

  it("missingPermissions asks for one of each kind that billing reads or writes", async () => {
    for (const path of LISTS) {
      api.answer("GET", path, { body: page([]) });
    }
    answerWrites((path) => refusal(path === "/v1/refunds" ? 400 : 404));
    expect(await inspection.missingPermissions()).to.deep.equal([]);
    expect(api.calls()).to.deep.equal([...LISTS.map((path) => `GET ${path}`), ...WRITES]);
  });

  it("P42 missingPermissions asks about every kind of object that the adapter calls for", async () => {
    const called = new Map<string, string>();
    for (const name of await readdir(ADAPTER, { recursive: true })) {
      const source = name.endsWith(".ts") ? await readFile(new URL(name, ADAPTER), "utf8") : "";
      for (const [, room = ""] of source.matchAll(/stripe\.((?:[a-zA-Z]+\.)+)[a-zA-Z]+\(/g)) {
        called.set(room, `${called.get(room) ?? ""} ${name}`);
      }
      for (const [, path] of source.matchAll(/"(\/v1\/[a-z_/]+)", \{/g)) {
        expect(LISTS, name).to.include(path);
      }
    }
    expect(called.size).to.be.greaterThan(15);
    for (const [room, files] of called) {
      const isAsked = PART_OF.has(room) || files.includes("stripe_inspection.ts");
      expect(isAsked, `${room} of${files}`).to.equal(true);
    }
  });

  it("missingPermissions names what a restricted key may not write", async () => {
    for (const path of LISTS) {
      api.answer("GET", path, { body: page([]) });
    }
    const lacks = "Having the 'rak_charge_write' permission would allow this request";
    answerWrites((path) => (path === "/v1/refunds" ? refusal(403, lacks) : refusal(404)));
    expect(await inspection.missingPermissions()).to.deep.equal([
      { resource: "refunds", access: "write", permission: "rak_charge_write" },
    ]);
  });

  it("missingPermissions names all that a restricted key lacks, by Stripe's names", async () => {
    for (const path of LISTS) {
      const reply =
        path === "/v1/subscriptions"
          ? refusal(403, "Having the 'rak_subscription_read' permission would allow this request")
          : path === "/v1/events"
            ? refusal(403)
            : { body: page([]) };
      api.answer("GET", path, reply);
    }
    answerWrites();
    expect(await inspection.missingPermissions()).to.deep.equal([
      { resource: "subscriptions", access: "read", permission: "rak_subscription_read" },
      { resource: "events", access: "read", permission: null },
    ]);
  });

  it("missingPermissions fails where Stripe does", async () => {
    api.answer("GET", "/v1/customers", refusal(500));
    expect(await rejectionOf(inspection.missingPermissions())).to.include({ transient: true });
  });
});
