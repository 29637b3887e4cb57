import { expect } from "chai";
import type { CatalogDefinition } from "../../src/domain/catalog/catalog.ts";
import { type Choice, useStarted } from "../rig/started_billing.ts";

const CHOICES = [{ planSlug: "pro" }, { packSlug: "starter" }] as const;

describe("Tax and paperwork in Checkout", () => {
  const billing = useStarted();
  const chosen = async (choice: (typeof CHOICES)[number]) => {
    const { body } = await billing.choose(choice);
    const id = String(new URL(body.url).pathname.split("/").at(-1));
    return await billing.stripe.checkout.sessions.retrieve(id);
  };

  it("P43 asks for nothing that no setting names, and bills a pack by an invoice", async () => {
    for (const choice of CHOICES) {
      const session = await chosen(choice);
      expect(session.automatic_tax.enabled).to.equal(false);
      expect(session.allow_promotion_codes ?? false).to.equal(false);
      expect(session.tax_id_collection?.enabled ?? false).to.equal(false);
    }
    await billing.buy({ packSlug: "starter" });
    const { body } = await billing.api("GET", "/billing/invoices");
    expect(body.data).to.have.length(1);
    const { body: packs } = await billing.api("GET", "/billing/token-packs");
    const price = packs.data.find(({ slug }: { slug: string }) => slug === "starter").amount;
    expect(body.data[0]).to.include({ amount: price, status: "paid" });
  });

  it("P43 asks for all that the settings name, for plans and packs alike", async () => {
    await billing.restart({
      STRIPE_AUTOMATIC_TAX: "true",
      STRIPE_TAX_IDS: "true",
      PROMOTION_CODES: "true",
      PACK_INVOICES: "false",
    });
    for (const choice of CHOICES) {
      const session = await chosen(choice);
      expect(session.automatic_tax.enabled).to.equal(true);
      expect(session.allow_promotion_codes).to.equal(true);
      expect(session.tax_id_collection?.enabled).to.equal(true);
      expect(session.billing_address_collection).to.equal("required");
      expect(session.invoice_creation?.enabled ?? false).to.equal(false);
    }
    const preview = await billing.api(
      "GET",
      "/billing/checkout/preview?planSlug=pro&interval=month",
    );
    expect(preview.status, JSON.stringify(preview.body)).to.equal(200);
  });
});

describe("Tax and paperwork that differ by plan and pack", () => {
  const taxes = (definition: CatalogDefinition): CatalogDefinition => ({
    plans: definition.plans.map((plan) => ({
      ...plan,
      ...(plan.slug === "pro" && { automaticTax: true, taxIds: true, promotionCodes: true }),
      ...(plan.slug === "starter" && { automaticTax: false }),
      prices: plan.prices.map((price) => ({
        ...price,
        taxBehavior: plan.slug === "business" ? "inclusive" : "exclusive",
      })),
    })),
    packs: (definition.packs ?? []).map((pack) => ({
      ...pack,
      ...(pack.slug === "starter" && {
        taxBehavior: "inclusive",
        automaticTax: true,
        invoice: false,
      }),
    })),
  });
  const billing = useStarted(() => ({}), taxes);
  const chosen = async (choice: Choice) => {
    const { body } = await billing.choose(choice);
    const id = String(new URL(body.url).pathname.split("/").at(-1));
    return await billing.stripe.checkout.sessions.retrieve(id);
  };
  const said = async (list: "plans" | "token-packs") => {
    const { body } = await billing.api("GET", `/billing/${list}`);
    // biome-ignore lint/suspicious/noExplicitAny: an answer is the JSON that it is
    return body.data.map((one: any) => [one.slug, one.prices ? one.prices[0]?.tax : one.tax]);
  };

  it("P43 are what Checkout asks, each for itself", async () => {
    const asked = async (choice: Choice) => {
      const session = await chosen(choice);
      return [
        session.automatic_tax.enabled,
        session.tax_id_collection?.enabled ?? false,
        session.allow_promotion_codes ?? false,
        session.invoice_creation?.enabled ?? null,
      ];
    };
    expect(await asked({ planSlug: "pro" })).to.deep.equal([true, true, true, null]);
    expect(await asked({ planSlug: "starter" })).to.deep.equal([false, false, false, null]);
    expect(await asked({ packSlug: "starter" })).to.deep.equal([true, false, false, false]);
    expect(await asked({ packSlug: "growth" })).to.deep.equal([false, false, false, true]);
  });

  it("P43 are told with each price only where tax is computed and the price says how", async () => {
    expect(await said("plans")).to.deep.equal([
      ["free", undefined],
      ["starter", null],
      ["pro", "exclusive"],
      ["business", null],
    ]);
    expect(await said("token-packs")).to.deep.equal([
      ["starter", "inclusive"],
      ["growth", null],
      ["scale", null],
    ]);
    await billing.restart({ STRIPE_AUTOMATIC_TAX: "true" });
    expect(await said("plans")).to.deep.equal([
      ["free", undefined],
      ["starter", null],
      ["pro", "exclusive"],
      ["business", "inclusive"],
    ]);
    expect(await said("token-packs")).to.deep.include(["growth", null]);
  });

  it("P43 make what is told true: tax is added to the one, and part of the other", async () => {
    const { customer } = await chosen({ packSlug: "starter" });
    await billing.stripe.customers.update(String(customer), { address: { country: "DE" } });
    const pack = await chosen({ packSlug: "starter" });
    expect([pack.amount_total, pack.total_details?.amount_tax]).to.deep.equal([500, 80]);
    const plan = await chosen({ planSlug: "pro" });
    expect([plan.amount_total, plan.total_details?.amount_tax]).to.deep.equal([3_451, 551]);
    const preview = await billing.api("GET", "/billing/checkout/preview?planSlug=pro");
    expect(preview.body).to.include({ dueNow: 3_451, tax: 551, taxIncluded: 0 });
    const untaxed = await billing.api("GET", "/billing/checkout/preview?planSlug=business");
    expect(untaxed.body).to.include({ dueNow: 9_900, tax: 0, taxIncluded: 0 });
    await billing.restart({ STRIPE_AUTOMATIC_TAX: "true" });
    const contained = await billing.api("GET", "/billing/checkout/preview?planSlug=business");
    expect(contained.body).to.include({ dueNow: 9_900, tax: 1_581, taxIncluded: 1_581 });
    expect(await billing.buy({ planSlug: "pro" })).to.not.equal("");
    const { body } = await billing.api("GET", "/billing/invoices");
    expect(body.data[0]).to.include({ amount: 3_451, status: "paid" });
    expect((await billing.subscription()).nextInvoice).to.include({ amount: 3_451 });
  });

  it("P18 replaces an open Checkout whose paperwork is no longer what is said", async () => {
    const before = await chosen({ planSlug: "business" });
    expect((await chosen({ planSlug: "business" })).id).to.equal(before.id);
    await billing.restart({ STRIPE_AUTOMATIC_TAX: "true" });
    const after = await chosen({ planSlug: "business" });
    expect([before.automatic_tax.enabled, after.automatic_tax.enabled]).to.deep.equal([
      false,
      true,
    ]);
    const { status } = await billing.stripe.checkout.sessions.retrieve(before.id);
    expect(status).to.equal("expired");
  });
});
