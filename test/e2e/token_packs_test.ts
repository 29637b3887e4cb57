import { expect } from "chai";
import { type Choice, useStarted } from "../rig/started_billing.ts";
import { Browser } from "./browser.ts";

const CARD = {
  email: "ada@example.com",
  card: "4242 4242 4242 4242",
  expiry: "12 / 34",
  cvc: "123",
  name: "Ada Owner",
};
const FREE = 1_000;

describe("Token packs, over HTTP and through the sandbox", () => {
  const billing = useStarted();

  async function checkout(choice: Choice): Promise<string> {
    const answer = await billing.choose(choice);
    expect(answer.status).to.equal(200);
    return answer.body.url;
  }
  const idOf = (url: string) => url.split("/").at(-1) ?? "";
  const tokens = async () => (await billing.api("GET", "/billing/tokens")).body;
  const kinds = async () => (await tokens()).data.map(({ kind }: { kind: string }) => kind);

  /** A pack that was paid by card. */
  const buy = () => billing.buy({ packSlug: "starter" });

  async function refund(session: string, amount: number): Promise<string> {
    const { url } = billing.sandbox;
    const headers = { authorization: "Bearer sk_test_sandbox" };
    const found = await fetch(`${url}/v1/checkout/sessions/${session}`, { headers });
    const { payment_intent: intent } = (await found.json()) as { payment_intent: string };
    const response = await fetch(`${url}/v1/refunds`, {
      method: "POST",
      headers,
      body: new URLSearchParams({ payment_intent: intent, amount: String(amount) }),
    });
    const { id } = (await response.json()) as { id: string };
    await billing.sandbox.settled();
    return id;
  }

  it("are listed, bought on the Checkout page and credited on top of the monthly tokens", async () => {
    const { body } = await billing.api("GET", "/billing/token-packs");
    const offers = body.data.map((pack: Record<string, unknown>) => [
      pack.slug,
      pack.tokens,
      pack.amount,
    ]);
    expect(offers).to.deep.equal([
      ["starter", 10_000, 500],
      ["growth", 50_000, 2_000],
      ["scale", 200_000, 7_000],
    ]);
    const browser = new Browser();
    await browser.open(await checkout({ packSlug: "growth" }));
    expect(browser.text).to.include("Buy Growth: 50,000 AI tokens").and.to.include("€20.00");
    await browser.press("Pay €20.00", CARD);
    await billing.sandbox.settled();
    const { balance, data } = await tokens();
    expect(balance).to.deep.include({ monthly: FREE, packs: 50_000, available: 51_000 });
    const pack = data.find(({ kind }: { kind: string }) => kind === "pack");
    expect(pack.source).to.match(/^checkout:cs_test_/);
  });

  it("P29 follow partial refunds, one that fails, and the whole", async () => {
    const session = await buy();
    await refund(session, 125);
    expect((await tokens()).balance.packs).to.equal(7_500);
    const second = await refund(session, 375);
    expect((await tokens()).balance.packs).to.equal(0);
    await billing.control(`/refunds/${second}/fail`);
    expect((await tokens()).balance.packs).to.equal(7_500);
    await refund(session, 375);
    expect((await tokens()).balance).to.deep.include({ packs: 0, debt: 0 });
  });

  it("P29 are held back while a dispute is open, and come back when it is won", async () => {
    const session = await buy();
    const { body: dispute } = await billing.control(`/checkout/${session}/dispute`);
    expect((await tokens()).balance.packs).to.equal(0);
    await billing.control(`/disputes/${dispute.id}/close`, { status: "won" });
    expect((await tokens()).balance.packs).to.equal(10_000);
    expect(await kinds()).to.include.members(["pack", "reversal"]);
  });

  it("P29 stay away when a dispute is lost, and an inquiry alone takes nothing", async () => {
    const inquired = await buy();
    await billing.control(`/checkout/${inquired}/dispute`, { inquiry: true });
    expect((await tokens()).balance.packs).to.equal(10_000);
    const lost = await buy();
    const { body: dispute } = await billing.control(`/checkout/${lost}/dispute`);
    await billing.control(`/disputes/${dispute.id}/close`, { status: "lost" });
    expect((await tokens()).balance.packs).to.equal(10_000);
  });

  it("P29 are credited when a delayed payment has come, and not when it fails", async () => {
    const methods = ["bank_debit", "bank_debit_fails"];
    for (const method of methods) {
      const id = idOf(await checkout({ packSlug: "starter" }));
      await billing.control(`/checkout/${id}/complete`, { method });
    }
    expect((await tokens()).balance.packs).to.equal(0);
    await billing.control("/clock", { advanceDays: 6 });
    expect((await tokens()).balance.packs).to.equal(10_000);
  });

  it("P23, P29 count once although every event comes three times and shuffled", async () => {
    await billing.control("/delivery", { duplicates: 3, shuffle: true, paused: true, seed: 5 });
    const session = await buy();
    await refund(session, 100);
    const { body: dispute } = await billing.control(`/checkout/${session}/dispute`);
    await billing.control(`/disputes/${dispute.id}/close`, { status: "won" });
    await billing.control("/delivery", { paused: false });
    expect((await tokens()).balance).to.deep.include({ packs: 8_000, debt: 0 });
    expect(await kinds()).to.have.members(["grant", "pack", "reversal"]);
  });

  it("P18 leave subscriptions and their Checkouts alone, and the other way round", async () => {
    const plan = await checkout({ planSlug: "pro" });
    await buy();
    expect(await checkout({ planSlug: "pro" })).to.equal(plan);
    await billing.control(`/checkout/${idOf(plan)}/complete`, { card: "4242424242424242" });
    await buy();
    expect((await tokens()).balance).to.deep.include({ monthly: 50_000, packs: 20_000 });
    await billing.control("/clock", { advanceDays: 31 });
    expect((await tokens()).balance).to.deep.include({ monthly: 50_000, packs: 20_000 });
  });
});
