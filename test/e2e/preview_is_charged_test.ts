import { expect } from "chai";
import fc from "fast-check";
import jwt from "jsonwebtoken";
import type { Stripe } from "stripe";
import { type StartedBilling, startBilling } from "../rig/started_billing.ts";
import { Browser } from "./browser.ts";

const DAY_MS = 86_400_000;
const CARD = "4242424242424242";
/** Most e-mails of one call. */
const MOST_EMAILS = 100_000;
const SECRET = "a-secret-of-this-test-that-is-longer-than-32-bytes";

const plan = fc.record({
  planSlug: fc.constantFrom("starter", "pro", "business"),
  interval: fc.constantFrom("month", "year"),
});
/** Minor units; negative is a credit. */
const balance = fc.constantFrom(0, 0, -500, -870, -2_050, -2_870, -12_345, -150_000, 777);
const change = fc.record({
  first: plan,
  next: plan,
  balance,
  later: balance,
  coupon: fc.constantFrom(
    null,
    null,
    { percent_off: 15, duration: "forever" as const },
    { amount_off: 300, currency: "eur", duration: "forever" as const },
    { percent_off: 40, duration: "once" as const },
    { percent_off: 25, duration: "repeating" as const, duration_in_months: 1 },
  ),
  days: fc.integer({ min: 0, max: 27 }),
  /** How much of the month's e-mails and tokens is used before the change, in percent. */
  used: fc.constantFrom(0, 40, 100),
});

describe("What the preview says is what is charged", () => {
  it("P19 for purchases and changes at any moment, with any balance and coupon", async function () {
    this.timeout(240_000);
    const differing = change.filter(
      ({ first, next }) => first.planSlug !== next.planSlug || first.interval !== next.interval,
    );
    await fc.assert(
      fc.asyncProperty(differing, async (one) => {
        const billing = await startBilling({ AUTH_JWT_SECRET: SECRET });
        try {
          await play(billing, one);
        } finally {
          await billing.close();
        }
      }),
      { numRuns: 15 },
    );
  });
});

type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;
type Plan = Change["first"];

async function play(billing: StartedBilling, one: Change): Promise<void> {
  const stripe = billing.stripe;
  const { url } = await choose(billing, one.first);
  const [customer] = (await stripe.customers.list()).data;
  const customerId = String(customer?.id);
  await setBalance(stripe, customerId, one.balance);
  const bought = await preview(billing, one.first);
  await billing.control(`/checkout/${url.split("/").at(-1)}/complete`, { card: CARD });
  await expectCharged(stripe, bought);
  await expectThere(billing, bought);

  const [subscription] = (await stripe.subscriptions.list()).data;
  if (one.coupon !== null) {
    const { id: coupon } = await stripe.coupons.create(one.coupon);
    await stripe.subscriptions.update(String(subscription?.id), { discounts: [{ coupon }] });
  }
  const moment = Number(subscription?.created) * 1000 + one.days * DAY_MS;
  await billing.control("/clock", { to: new Date(moment + 1_000).toISOString() });
  await setBalance(stripe, customerId, one.later);
  await use(billing, one.used);
  const before = await billing.subscription();
  const said = await preview(billing, one.next);
  expect(sum(said.lines) + said.tax - said.balanceApplied).to.equal(said.dueNow);
  const confirmation = new Browser();
  await confirmation.open((await choose(billing, one.next)).url);
  await confirmation.press("Confirm");
  await billing.sandbox.settled();
  expect(said.tokens.left).to.equal(before.tokens.monthly);
  expect(said.limits[0]).to.include({ name: "emails", now: before.usage.emails.limit });
  if (said.effective === "now") {
    await expectCharged(stripe, said);
    await expectThere(billing, said);
  } else {
    expect(said).to.deep.include({ dueNow: 0, lines: [], balanceApplied: 0 });
  }
  const afterwards = Date.parse(said.nextPaymentAt) + 2 * 3_600_000;
  await billing.control("/clock", { to: new Date(afterwards).toISOString() });
  const [renewal] = (await stripe.invoices.list()).data;
  expect(renewal?.billing_reason).to.equal("subscription_cycle");
  expect(renewal?.amount_due).to.equal(said.nextPayment);
  if (said.effective === "period_end") {
    await expectThere(billing, said);
  }
}

async function choose(billing: StartedBilling, wish: Plan) {
  const { url } = billing.sandbox;
  const urls = { successUrl: `${url}/?done`, cancelUrl: `${url}/?canceled` };
  const { status, body } = await billing.api("POST", "/billing/checkout", { ...wish, ...urls });
  expect(status, JSON.stringify(body)).to.equal(200);
  return body;
}

async function preview(billing: StartedBilling, wish: Plan) {
  const query = new URLSearchParams(wish);
  const { status, body } = await billing.api("GET", `/billing/checkout/preview?${query}`);
  expect(status, JSON.stringify(body)).to.equal(200);
  return body;
}

async function setBalance(stripe: Stripe, customerId: string, wanted: number): Promise<void> {
  const customer = await stripe.customers.retrieve(customerId);
  const amount = wanted - ("balance" in customer ? customer.balance : 0);
  if (amount !== 0) {
    await stripe.customers.createBalanceTransaction(customerId, { amount, currency: "eur" });
  }
}

/** What was said of limits and tokens is what is there; between the two a second may have passed. */
async function expectThere(
  billing: StartedBilling,
  said: { limits: { name: string; then: number; used: number }[]; tokens: { then: number } },
): Promise<void> {
  const { usage, tokens, limits } = await billing.subscription();
  const [emails, ...countable] = said.limits;
  expect([emails?.name, emails?.then]).to.deep.equal(["emails", usage.emails.limit]);
  expect(emails?.used).to.be.closeTo(usage.emails.used, 1);
  expect(said.tokens.then).to.be.closeTo(tokens.monthly, 1);
  expect(countable.map(({ name, then }) => [name, then])).to.deep.equal([
    ["domains", limits.maxDomains],
    ["members", limits.maxMembers],
    ["templates", limits.maxTemplates],
  ]);
}

async function use(billing: StartedBilling, percent: number): Promise<void> {
  const { usage, tokens } = await billing.subscription();
  const count = Math.floor((usage.emails.limit * percent) / 100);
  const amount = Math.floor((tokens.monthly * percent) / 100);
  for (let left = count; left > 0; left -= MOST_EMAILS) {
    await spend(billing, "usage/emails", { count: Math.min(left, MOST_EMAILS) });
  }
  if (amount > 0) {
    await spend(billing, "tokens/debits", { key: "a-use", amount });
  }
}

async function spend(billing: StartedBilling, path: string, body: object): Promise<void> {
  const claims = { sub: "sender", scope: "billing:usage billing:tokens", tenants: "*" };
  const authorization = `Bearer ${jwt.sign(claims, SECRET, { expiresIn: "1h" })}`;
  const response = await fetch(`${billing.service.url}/billing/${path}`, {
    method: "POST",
    headers: {
      authorization,
      "x-tenant-id": billing.tenantId,
      "content-type": "application/json",
    },
    body: JSON.stringify(body),
  });
  expect(response.ok, await response.text()).to.equal(true);
}

async function expectCharged(
  stripe: Stripe,
  said: { dueNow: number; balanceApplied: number },
): Promise<void> {
  const [invoice] = (await stripe.invoices.list()).data;
  expect(invoice?.amount_due).to.equal(said.dueNow);
  expect(invoice?.total).to.equal(said.dueNow + said.balanceApplied);
}

function sum(lines: readonly { amount: number }[]): number {
  return lines.reduce((total, { amount }) => total + amount, 0);
}
