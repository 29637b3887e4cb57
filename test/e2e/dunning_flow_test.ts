import { expect } from "chai";
import type { Environment } from "../../src/kit/settings.ts";
import { FAILS_LATER, useStarted } from "../rig/started_billing.ts";
import { payOnPage } from "../sandbox/hosted_invoice.ts";
import { describeOnEveryStore } from "./describe_on_every_store.ts";

const PRO_EMAILS = 50_000;
const FREE_EMAILS = 100;

await describeOnEveryStore("A renewal that fails, through the sandbox", flow);

/**
 * The tests.
 *
 * @param emptyStore settings that name a store with nothing in it
 */
function flow(emptyStore: () => Promise<Environment>): void {
  const billing = useStarted(async () => ({ GRACE_DAYS: "5", ...(await emptyStore()) }));

  beforeEach(async () => {
    await billing.buy({ planSlug: "pro" }, FAILS_LATER);
    await until("2026-12-23T12:00:00Z");
  });

  async function until(to: string): Promise<void> {
    await billing.control("/clock", { to });
  }

  it("P36 keeps its limits for the days of grace, then falls to the free plan's", async () => {
    const owing = await billing.subscription();
    expect(owing).to.deep.include({ planSlug: "pro", status: "past_due" });
    expect(owing.limits.monthlyEmailLimit).to.equal(PRO_EMAILS);
    expect(owing.usage.emails.limit).to.equal(PRO_EMAILS);
    const due = Date.parse("2026-12-23T10:00:00Z");
    const graceMs = Date.parse(owing.graceEndsAt) - due;
    expect(graceMs, "from the invoice on").to.be.within(5 * 86_400_000, 5 * 86_400_000 + 7_200_000);

    await until(new Date(Date.parse(owing.graceEndsAt) - 60_000).toISOString());
    expect((await billing.subscription()).limits.monthlyEmailLimit).to.equal(PRO_EMAILS);
    await until(owing.graceEndsAt);
    const fallen = await billing.subscription();
    expect(fallen).to.deep.include({ planSlug: "pro", status: "past_due" });
    expect(fallen.limits.monthlyEmailLimit).to.equal(FREE_EMAILS);
    expect(fallen.usage.emails.limit).to.equal(FREE_EMAILS);
    expect(fallen.tokens.monthly).to.equal(1_000);
  });

  it("P17, P36 leads to paying first, and has everything back at once when it pays", async () => {
    await until("2026-12-29T12:00:00Z");
    expect((await billing.subscription()).limits.monthlyEmailLimit).to.equal(FREE_EMAILS);
    for (const planSlug of ["business", "starter", "pro"]) {
      expect((await billing.choose({ planSlug })).body, planSlug).to.include({
        mode: "portal",
        purpose: "pay_invoice",
      });
    }
    const { url } = (await billing.choose({ planSlug: "pro" })).body;
    expect((await billing.subscription()).owed.invoiceUrl).to.equal(url);
    await payOnPage({ hosted_invoice_url: url });
    await billing.sandbox.settled();
    const healed = await billing.subscription();
    expect(healed).to.deep.include({ planSlug: "pro", status: "active", graceEndsAt: null });
    expect(healed.limits.monthlyEmailLimit).to.equal(PRO_EMAILS);
    expect(healed.usage.emails.limit).to.equal(PRO_EMAILS);
    expect(healed.tokens.monthly).to.equal(50_000);
    expect(healed.currentPeriodEnd).to.equal("2027-01-23T10:00:00.000Z");
  });

  it("P17, P36 is on the free plan once Stripe gives up, and may buy again", async () => {
    await until("2027-01-15T12:00:00Z");
    const ended = await billing.subscription();
    expect(ended).to.deep.include({ planSlug: "free", status: "active", graceEndsAt: null });
    expect(ended.limits.monthlyEmailLimit).to.equal(FREE_EMAILS);
    expect((await billing.choose({ planSlug: "pro" })).body).to.include({ mode: "checkout" });
  });
}
