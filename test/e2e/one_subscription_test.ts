import { expect } from "chai";
import type { Stripe } from "stripe";
import type { Environment } from "../../src/kit/settings.ts";
import { GOOD_CARD, useStarted } from "../rig/started_billing.ts";
import { describeOnEveryStore } from "./describe_on_every_store.ts";

const TITLE = "One tenant, one customer, one subscription, against the sandbox";

await describeOnEveryStore(TITLE, flow);

/**
 * The tests.
 *
 * @param emptyStore settings that name a store with nothing in it
 */
function flow(emptyStore: () => Promise<Environment>): void {
  const billing = useStarted(emptyStore);
  const choose = (planSlug: string) => billing.choose({ planSlug });

  function pay(sessionUrl: string) {
    const session = sessionUrl.split("/").at(-1);
    return billing.control(`/checkout/${session}/complete`, { card: GOOD_CARD });
  }

  function fail(fault: object) {
    return billing.control("/faults", fault);
  }

  async function customers(): Promise<Stripe.Customer[]> {
    return (await billing.stripe.customers.list()).data;
  }

  async function openSessions(): Promise<Stripe.Checkout.Session[]> {
    return (await billing.stripe.checkout.sessions.list({ status: "open" })).data;
  }

  it("P16, P18 20 first checkouts at once make one customer and one open Checkout", async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => choose("pro")));
    expect(new Set(answers.map(({ status }) => status))).to.deep.equal(new Set([200]));
    expect(new Set(answers.map(({ body }) => body.url)).size).to.equal(1);
    expect(await customers()).to.have.length(1);
    expect(await openSessions()).to.have.length(1);
  });

  it("P16, P18 so do 20 for different plans: whoever is sent on is sent to the open one", async () => {
    const plans = ["starter", "pro", "business"];
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => choose(plans[index % 3] ?? "pro")),
    );
    expect(await customers()).to.have.length(1);
    const open = await openSessions();
    expect(open).to.have.length(1);
    const urls = answers.filter(({ status }) => status === 200).map(({ body }) => body.url);
    expect(urls).to.include(open[0]?.url);
    const codes = answers.filter(({ status }) => status !== 200).map(({ body }) => body.code);
    expect(new Set(codes)).to.deep.equal(new Set(["checkout_superseded"]));
  });

  it("P18 of two admins with two open pages only the later one can pay", async () => {
    const [first, second] = [await choose("starter"), await choose("pro")];
    expect((await pay(first.body.url)).status).to.equal(400);
    expect((await pay(second.body.url)).status).to.equal(200);
    expect(await billing.subscription()).to.deep.include({ planSlug: "pro", status: "active" });
  });

  /** Two subscriptions that were both paid, an hour apart; nothing is delivered yet. */
  async function payTwice(): Promise<void> {
    const first = await choose("pro");
    const [open] = await openSessions();
    const lines = await billing.stripe.checkout.sessions.listLineItems(String(open?.id));
    const second = await billing.stripe.checkout.sessions.create({
      mode: "subscription",
      customer: String(open?.customer),
      line_items: [{ price: String(lines.data[0]?.price?.id), quantity: 1 }],
      success_url: "https://app.example.com/done",
      metadata: { tenantId: billing.tenantId },
      subscription_data: { metadata: { tenantId: billing.tenantId } },
    });
    await billing.control("/delivery", { paused: true, duplicates: 2, shuffle: true, seed: 3 });
    await pay(first.body.url);
    await billing.control("/clock", { advanceHours: 1 });
    await pay(String(second.url));
  }

  /** The older subscription is active, the newer one ended and given back, once. */
  async function expectOneKept(): Promise<{ keptId: string; endedId: string }> {
    const all = (await billing.stripe.subscriptions.list({ status: "all" })).data;
    expect(all.map(({ status }) => status)).to.deep.equal(["canceled", "active"]);
    const refunds = (await billing.stripe.refunds.list()).data;
    expect(refunds.map(({ amount, status }) => [amount, status])).to.deep.equal([
      [2_900, "succeeded"],
    ]);
    return { keptId: String(all[1]?.id), endedId: String(all[0]?.id) };
  }

  it("P18 two paid pages: the first counts, the newer is ended and given back", async () => {
    await payTwice();
    await billing.control("/delivery", { paused: false });
    const { keptId, endedId } = await expectOneKept();
    const seen = await billing.subscription();
    expect(seen).to.deep.include({ planSlug: "pro", status: "active" });
    expect(seen.currentPeriodStart).to.equal("2026-11-23T10:00:00.000Z");
    expect(seen.tokens, "P18 granted once").to.deep.include({ monthly: 50_000, debt: 0 });
    const { body } = await billing.api("GET", "/billing/tokens");
    const grants = body.data.filter(({ kind }: { kind: string }) => kind.includes("grant"));
    expect(grants.filter(({ key }: { key: string }) => key.includes("sub_"))).to.have.length(1);
    expect(grants[0].key).to.include(keptId);

    const trail = (await billing.api("GET", "/billing/audit")).body.data;
    const path = `endedDuplicates.${endedId}`;
    const told = trail.filter(({ after }: { after: object }) =>
      Object.keys(after).some((field) => field.startsWith(path)),
    );
    const after = Object.assign({}, ...told.map((entry: { after: object }) => entry.after));
    expect(told[0].cause.type).to.equal("event");
    expect(after, "P38 the audit trail tells of both").to.deep.include({ [`${path}.ended`]: true });
    const amounts = Object.entries(after).filter(([field]) =>
      field.startsWith(`${path}.givenBack`),
    );
    expect(amounts.map(([, amount]) => amount)).to.deep.equal([2_900]);
  });

  const failures: [string, object][] = [
    ["a lock that is held", { lockTimeout: true }],
    ["a server error", { status: 500 }],
    ["a server error after the work was done", { status: 500, executed: true }],
    ["too many requests", { status: 429 }],
  ];
  for (const [what, fault] of failures) {
    it(`P18, P22 gives a double payment back once in spite of ${what} at POST /v1/refunds`, async () => {
      await payTwice();
      await fail({ route: "POST /v1/refunds", ...fault });
      await billing.control("/delivery", { paused: false });
      // What failed is run again; another event of the customer brings it about here.
      await billing.control("/clock", { advanceDays: 31 });
      await expectOneKept();
      expect(await billing.subscription()).to.deep.include({ planSlug: "pro", status: "active" });
    });
  }

  for (const route of ["POST /v1/customers", "POST /v1/checkout/sessions"]) {
    for (const [what, fault] of failures) {
      it(`P22 gets over ${what} at ${route}, with one customer and one Checkout`, async () => {
        await fail({ route, ...fault });
        const first = await choose("pro");
        expect([200, 503]).to.include(first.status);
        const again = await choose("pro");
        expect(again.status, JSON.stringify(again.body)).to.equal(200);
        expect(await customers()).to.have.length(1);
        expect(await openSessions()).to.have.length(1);
        await pay(again.body.url);
        expect(await billing.subscription()).to.deep.include({ planSlug: "pro", status: "active" });
      });
    }
  }
}
