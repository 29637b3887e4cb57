import { expect } from "chai";
import { SUBSCRIPTION_STATUSES } from "../../../../src/domain/subscription/subscription.ts";
import { subscribe, useService } from "../../../rig/service_rig.ts";
import { at } from "../../../samples/dates.ts";
import { CHECKOUT, subscriptionOf } from "../../../samples/http.ts";
import { sampleItem } from "../../../samples/subscription.ts";

/** What is answered of limits and tokens. */
interface Outlook {
  readonly limits: readonly Limit[];
  readonly tokens: { readonly left: number; readonly then: number };
}

interface Limit {
  readonly name: string;
  readonly now: number | null;
  readonly then: number | null;
  readonly used: number | null;
}

describe("GET /billing/checkout/preview", () => {
  const service = useService();

  function preview(query: string) {
    return service.send(`/billing/checkout/preview${query}`);
  }

  it("P19 says what is due now and next, and when the plan takes effect", async () => {
    const { status, body } = await preview("?planSlug=pro&interval=month");
    expect(status).to.equal(200);
    expect(body).to.have.all.keys(
      "planSlug",
      "interval",
      "mode",
      "effective",
      "effectiveAt",
      "dueNow",
      "lines",
      "tax",
      "taxIncluded",
      "balanceApplied",
      "nextPayment",
      "nextPaymentAt",
      "currency",
      "trialDays",
      "limits",
      "tokens",
    );
    const { limits, tokens } = body as unknown as Outlook;
    expect(limits.map(({ name, now, then, used }: Limit) => [name, now, then, used])).to.deep.equal(
      [
        ["emails", 100, 300, 0],
        ["domains", 1, 3, null],
        ["members", null, null, null],
        ["templates", 1, 3, null],
      ],
    );
    expect([tokens.left, tokens.then]).to.deep.equal([0, 2_000]);
    expect(body).to.deep.include({
      planSlug: "pro",
      mode: "checkout",
      effective: "now",
      dueNow: 4_900,
      nextPayment: 4_900,
      currency: "eur",
    });
    expect(service.payments.customers.size, "P19 nothing is changed").to.equal(0);
  });

  it("P19 asks the provider for what an upgrade costs", async () => {
    await service.send("/billing/checkout", { body: CHECKOUT });
    const subscription = subscriptionOf("active");
    subscribe(service, { ...subscription, cancelAt: null });
    service.payments.preview = { ...service.payments.preview, dueNow: 1_200 };
    const { status, body } = await preview("?planSlug=starter");
    expect(status).to.equal(200);
    expect(body).to.deep.include({ mode: "portal", dueNow: 1_200, effective: "now" });
  });

  const refusals: [string, string, number, string][] = [
    ["no plan", "", 400, "invalid_query"],
    ["an unknown parameter", "?planSlug=pro&price=1", 400, "invalid_query"],
    ["an unknown interval", "?planSlug=pro&interval=day", 400, "invalid_query"],
    ["an unknown plan", "?planSlug=gold", 404, "unknown_plan"],
    ["the free plan", "?planSlug=free", 422, "plan_not_purchasable"],
  ];
  for (const [what, query, status, code] of refusals) {
    it(`P20 answers ${status} for ${what}`, async () => {
      const received = await preview(query);
      expect([received.status, received.body.code]).to.deep.equal([status, code]);
    });
  }

  const live = SUBSCRIPTION_STATUSES.filter((s) => s !== "canceled" && s !== "incomplete_expired");
  for (const status of live) {
    const good = status === "active" || status === "trialing";
    it(`P17 answers 409 beside a subscription that is ${status}, and says why`, async () => {
      await service.send("/billing/checkout", { body: CHECKOUT });
      subscribe(service, { ...subscriptionOf(status), cancelAt: null });
      const same = await preview("?planSlug=pro");
      const unpaid = status === "paused" ? "subscription_paused" : "payment_required_first";
      const code = good ? "already_on_plan" : unpaid;
      expect([same.status, same.body.code]).to.deep.equal([409, code]);
    });
  }

  it("P17 answers 422 with a code of its own and who can do it where the Portal cannot", async () => {
    await service.send("/billing/checkout", { body: CHECKOUT });
    const plain = { ...subscriptionOf("active"), cancelAt: null };
    const changes = {
      invoiced_by_email: { collectionMethod: "send_invoice" },
      several_items: { items: [...plain.items, sampleItem("extra")] },
      schedule_attached: {
        schedule: {
          id: "sub_sched_1",
          changeAt: at("2026-07-15"),
          nextPriceIds: [plain.items[0]?.priceId ?? ""],
        },
      },
      collection_paused: { pauseCollection: "void" },
    } as const;
    for (const [code, change] of Object.entries(changes)) {
      subscribe(service, { ...plain, ...change });
      const asked = await preview("?planSlug=starter");
      const body = { ...CHECKOUT, planSlug: "starter" };
      const bought = await service.send("/billing/checkout", { body });
      for (const refused of [asked, bought]) {
        expect([refused.status, refused.body.code]).to.deep.equal([422, code]);
        expect(refused.body.message).to.match(/ask support$/);
      }
    }
  });

  it("P17 answers 409 with when to try again while a renewal is about to be charged", async () => {
    await service.send("/billing/checkout", { body: CHECKOUT });
    const period = { start: at("2026-05-30T12:00:00Z"), end: at("2026-06-30T12:00:00Z") };
    const items = [sampleItem("pro", { period })];
    subscribe(service, { ...subscriptionOf("active"), cancelAt: null, items });
    const { status, body } = await preview("?planSlug=starter");
    expect([status, body.code, body.retryAt]).to.deep.equal([
      409,
      "renewal_in_draft",
      "2026-06-30T13:00:00.000Z",
    ]);
  });

  it("P19 answers 409 while an end or another change is scheduled", async () => {
    await service.send("/billing/checkout", { body: CHECKOUT });
    subscribe(service, subscriptionOf("active"));
    expect((await preview("?planSlug=starter")).body.code).to.equal("subscription_ending");
    const changeAt = new Date("2026-07-15T10:00:00.000Z");
    const schedule = { id: "sub_sched_1", changeAt, nextPriceIds: ["price_starter_month"] };
    subscribe(service, { ...subscriptionOf("active"), cancelAt: null, schedule });
    expect((await preview("?planSlug=starter")).body.code).to.equal("change_scheduled");
  });
});
