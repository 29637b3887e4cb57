import { expect } from "chai";
import { I18n } from "../../../src/adapters/dashboard/client/i18n.js";
import { largestSaving, planCards } from "../../../src/adapters/dashboard/client/plan_view.js";
import { endView, previewView } from "../../../src/adapters/dashboard/client/preview_view.js";
import type {
  Interval,
  Preview,
  Subscription,
} from "../../../src/adapters/dashboard/client/types.js";
import { FREE_SUBSCRIPTION, PLANS, PREVIEW, SUBSCRIPTION } from "../../samples/page.ts";

const ENGLISH = new I18n("en");
const plans = PLANS;
const TENANT = { presentName: "Pro", counts: {}, plans: PLANS };

function cards(changes: object = {}, interval: Interval = "month", base: object = SUBSCRIPTION) {
  const subscription = { ...base, ...changes } as Subscription;
  return planCards({ plans, subscription, interval }, ENGLISH);
}

const labels = (...args: Parameters<typeof cards>) =>
  cards(...args).map(({ action }) => action?.label ?? null);

describe("the plans side by side", () => {
  it("say what each costs, and what choosing it is called", () => {
    expect(cards().map(({ price }) => price)).to.deep.equal(["€0.00", "€9.00", "€29.00", "€99.00"]);
    expect(labels()).to.deep.equal([
      "Change to Free",
      "Change to Starter",
      null,
      "Upgrade to Business",
    ]);
    expect(labels({}, "month", FREE_SUBSCRIPTION)).to.deep.equal([
      null,
      "Choose Starter",
      "Choose Pro",
      "Choose Business",
    ]);
  });

  it("offer the plan that one has by the other interval only", () => {
    const [, , pro] = cards({}, "year");
    expect(pro).to.include({ current: true, price: "€290.00", interval: "year" });
    expect(pro?.action).to.deep.equal({ type: "choose", label: "Switch to yearly" });
    expect(pro?.saving).to.include("€24.17").and.to.include("17%");
    expect(cards({ interval: "year" }, "year")[2]?.action).to.equal(null);
    expect(largestSaving(plans)).to.be.closeTo(1 / 6, 1e-9);
  });

  it("offer nothing to people who may not pay, and no end of what ends already", () => {
    expect(labels({ mayPay: false })).to.deep.equal([null, null, null, null]);
    expect(labels({ cancelAt: "2026-12-23T10:00:00Z" })[0]).to.equal(null);
    const tenantEnd = { at: "2026-12-23T10:00:00Z", isOver: false };
    expect(labels({ tenantEnd }), "P44").to.deep.equal([null, null, null, null]);
  });

  it("say of a plan that comes by itself when it does, and do not offer it again", () => {
    const effectiveAt = "2026-12-23T10:00:00Z";
    const coming = (changes: object, interval?: Interval) =>
      cards(changes, interval).map(({ from, action }) => [from, action !== null]);
    const scheduledChange = { planSlug: "starter", interval: "month", effectiveAt };
    expect(coming({ scheduledChange })).to.deep.equal([
      ["", true],
      ["From December 23, 2026", false],
      ["", false],
      ["", true],
    ]);
    expect(coming({ scheduledChange }, "year")[1], "another price").to.deep.equal(["", true]);
    expect(coming({ cancelAt: effectiveAt })[0]).to.deep.equal(["From December 23, 2026", false]);
    const tenantEnd = { at: effectiveAt, isOver: false };
    expect(coming({ cancelAt: effectiveAt, tenantEnd })[0]).to.deep.equal(["", false]);
  });

  it("put one plan forward: what is advised, else what the service says comes next", () => {
    const suggested = (changes: object) =>
      cards(changes).flatMap(({ slug, suggested: is }) => (is ? slug : []));
    expect(suggested({})).to.deep.equal(["business"]);
    expect(suggested({ upgrade: { planSlug: "starter", reasons: [] } })).to.deep.equal(["starter"]);
    expect(suggested({ status: "past_due", nextPlanSlug: null })).to.deep.equal([]);
  });

  it("compare every limit with the chosen plan's, also while an unpaid one is cut to less", () => {
    const [free, , , business] = cards({ status: "unpaid", limits: FREE_SUBSCRIPTION.limits });
    expect(free?.limits.map(({ change }) => change)).to.deep.equal(Array(5).fill("down"));
    expect(business?.limits.map(({ change, value }) => [change, value])).to.deep.equal([
      ["up", "250,000"],
      ["up", "200,000"],
      ["up", "Unlimited"],
      ["up", "50"],
      ["up", "Unlimited"],
    ]);
    expect(cards()[2]?.limits.map(({ change }) => change)).to.deep.equal(Array(5).fill("same"));
  });
});

describe("the question before a choice", () => {
  it("P19 says what is due now, what then, and when it takes effect", () => {
    const { lines: _lines, changes: _changes, ...said } = previewView(PREVIEW, TENANT, ENGLISH);
    expect(said).to.deep.equal({
      dueNow: "€35.00",
      tax: "",
      trial: "",
      next: "€99.00 on December 23, 2026",
      effective: "At once, when you confirm",
      go: "Continue to confirm",
    });
    const later = { ...PREVIEW, effective: "period_end", dueNow: 0, trialDays: 14 };
    const view = previewView({ ...later, mode: "checkout" } as Preview, TENANT, ENGLISH);
    expect(view).to.include({ dueNow: "€0.00", trial: "14 days free", go: "Continue to payment" });
    expect(view.effective).to.include("December 8, 2026").and.to.include("Pro");
  });

  it("P19 says what adds up to it: lines, taxes and balance; nothing where one line says it", () => {
    const lines = (changes: object) =>
      previewView({ ...PREVIEW, ...changes }, TENANT, ENGLISH).lines.map(
        ({ name, amount }) => `${name} ${amount}`,
      );
    const two = ["Unused time on Pro -€64.00", "Business €99.00"];
    expect(lines({})).to.deep.equal(two);
    expect(lines({ tax: 735, balanceApplied: 1_000 })).to.deep.equal([
      ...two,
      "Taxes €7.35",
      "From your balance -€10.00",
    ]);
    expect(lines({ lines: PREVIEW.lines.slice(1) })).to.deep.equal([]);
    // What prices contain is no line of its own: they would not add up.
    expect(lines({ tax: 735, taxIncluded: 735 })).to.deep.equal(two);
    expect(lines({ tax: 735, taxIncluded: 700 })).to.deep.equal([...two, "Taxes €0.35"]);
  });

  it("says what a line is for in the reader's language, in Stripe's words where only they do", () => {
    const said = (i18n: I18n, kind: string, planSlug: string | null = null) => {
      const line = { kind, planSlug, description: "2 × Support", amount: 100 };
      const preview = { ...PREVIEW, lines: [line, line] } as Preview;
      return previewView(preview, TENANT, i18n).lines[0]?.name;
    };
    const spanish = new I18n("es");
    expect(said(ENGLISH, "remaining_time", "pro")).to.equal("Remaining time on Pro");
    expect(said(spanish, "remaining_time", "pro")).to.equal("Tiempo restante de Pro");
    expect(said(spanish, "unused_time", "pro")).to.equal("Tiempo no usado de Pro");
    expect(said(spanish, "plan", "business")).to.equal("Business");
    expect([ENGLISH, spanish].map((i18n) => said(i18n, "discount"))).to.deep.equal([
      "Discount",
      "Descuento",
    ]);
    expect(said(spanish, "other")).to.equal("2 × Support");
  });

  it("P43 says what taxes the amount contains, or that nobody could compute them yet", () => {
    const note = (changes: object, tax: "exclusive" | "inclusive" | null) =>
      previewView({ ...PREVIEW, ...changes }, TENANT, ENGLISH, tax).tax;
    expect(note({ tax: 735, taxIncluded: 735 }, "inclusive")).to.equal("including €7.35 of taxes");
    const first = { mode: "checkout" };
    expect(note(first, "exclusive")).to.equal("plus VAT where it is due, by your address");
    for (const known of [{ ...first, tax: 735 }, { mode: "portal" }]) {
      expect(note(known, "exclusive")).to.equal("");
    }
    expect([note(first, "inclusive"), note(first, null)]).to.deep.equal(["", ""]);
  });

  it("P43 says of a plan's price whether tax is added, where that is known", () => {
    const said = (tax: "exclusive" | "inclusive" | null, i18n: I18n) => {
      const plans = PLANS.map((plan) => ({
        ...plan,
        prices: plan.prices.map((price) => ({ ...price, tax })),
      }));
      const offer = { plans, subscription: SUBSCRIPTION, interval: "month" as const };
      return planCards(offer, i18n).map((card) => card.tax);
    };
    const [en, es] = [ENGLISH, new I18n("es")];
    expect(said("exclusive", en)).to.deep.equal(["", "plus VAT", "plus VAT", "plus VAT"]);
    expect(said("inclusive", en).at(-1)).to.equal("incl. VAT");
    expect([said("exclusive", es).at(-1), said("inclusive", es).at(-1)]).to.deep.equal([
      "más IVA",
      "IVA incluido",
    ]);
    expect(said(null, en)).to.deep.equal(["", "", "", ""]);
  });

  it("P19 says what becomes of limits and tokens, as the service has worked it out", () => {
    const { changes } = previewView(PREVIEW, TENANT, ENGLISH);
    expect(
      changes.map(({ name, present, value, note, change }) => [name, present, value, note, change]),
    ).to.deep.equal([
      ["E-mails a month", "50,000", "250,000", "1,200 used already", "up"],
      ["Domains", "10", "Unlimited", "", "up"],
      ["Members", "10", "50", "", "up"],
      ["AI tokens left this month", "18,800", "200,000", "", "up"],
    ]);
  });

  it("P45 says what is over a lower limit, of what the service counts and the dashboard knows", () => {
    const counts = { domains: 4, members: 1, emails: 18_420 };
    const notes = (view: { changes: readonly { key: string; note: string; over: boolean }[] }) =>
      view.changes.map(({ key, note, over }) => [key, note, over]);
    const [plan] = plans;
    const end = endView(
      { plan: plan ?? expect.fail(), subscription: SUBSCRIPTION },
      { ...TENANT, counts },
      ENGLISH,
    );
    expect(end.effective).to.equal("On December 23, 2026; until then you keep Pro");
    expect(notes(end)).to.deep.equal([
      ["emails", "18,420 used this month", true],
      ["domains", "4 used already, 3 too many", true],
      ["members", "1 used already", false],
      ["templates", "", false],
      ["tokens", "", false],
    ]);
  });
});
