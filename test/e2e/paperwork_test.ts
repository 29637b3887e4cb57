import { expect } from "chai";
import { useStarted } from "../rig/started_billing.ts";

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
