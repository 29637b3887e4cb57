import { expect } from "chai";
import { choosePlan } from "../../../src/domain/catalog/plan_choice.ts";
import { planOutlook } from "../../../src/domain/checkout/plan_outlook.ts";
import {
  type Supposition,
  supposedSnapshot,
} from "../../../src/domain/checkout/supposed_snapshot.ts";
import { advancedMonths } from "../../../src/domain/quota/advance_months.ts";
import { accountEntitlement, monthLook } from "../../../src/domain/quota/month_look.ts";
import { NO_MONTHS, type UsageMonths, useIn } from "../../../src/domain/quota/usage_months.ts";
import { newAccount } from "../../../src/domain/subscription/billing_account.ts";
import { synchronizeAccount } from "../../../src/domain/subscription/synchronize_account.ts";
import { MARCH, TENANT } from "../../samples/account.ts";
import { sampleCatalog } from "../../samples/catalog.ts";
import { at, monthsFrom } from "../../samples/dates.ts";
import { snapshot as snapshotOf } from "../../samples/snapshot.ts";
import { sampleInvoice, sampleItem, sampleSubscription } from "../../samples/subscription.ts";

const catalog = sampleCatalog();
/** Half of March's month: 15 and a half of its 31 days. */
const NOW = at("2026-03-25T12:00:00Z");
const SETTINGS = { catalog, graceDays: 14, refundDuplicates: true };
const present = snapshotOf([sampleSubscription()], [sampleInvoice()]);
const account = synchronizeAccount({ ...newAccount(TENANT), customerId: "cus_one" }, present, {
  ...SETTINGS,
  now: NOW,
});

/** March's month of pro, 3,000 e-mails and 300 tokens, with a share of both used. */
function used(share: number): { emails: UsageMonths; tokens: UsageMonths } {
  const entitled = accountEntitlement(account, catalog, { now: NOW, graceDays: 14 });
  const begun = (measure: "emails" | "tokens", whole: number) => {
    const months = advancedMonths(NO_MONTHS, monthLook(account, entitled, measure), NOW);
    return useIn(months, months.current, whole * share);
  };
  return { emails: begun("emails", 3_000), tokens: begun("tokens", 300) };
}

function outlook(
  planSlug: string,
  share: number,
  changes: Partial<Supposition> = {},
  moment = NOW,
) {
  const choice = choosePlan(catalog, { planSlug });
  if (choice.type !== "chosen") {
    throw new TypeError(`Cannot choose "${planSlug}"`);
  }
  const supposed = supposedSnapshot(present, {
    tenantId: TENANT,
    customerId: "cus_one",
    choice,
    isTrial: false,
    period: { start: moment, end: monthsFrom("2026-04-25").start },
    billingReason: "subscription_update",
    changed: { subscription: sampleSubscription(), item: sampleItem() },
    lines: [
      {
        priceId: "price_pro_month",
        amount: -1_500,
        period: { start: NOW, end: MARCH.end },
        proration: true,
        credited: [],
      },
    ],
    ...changes,
  });
  const times = { now: NOW, at: moment };
  const { limits, tokens } = planOutlook(account, supposed, {
    ...SETTINGS,
    ...times,
    usage: used(share),
  });
  const [emails] = limits;
  return { emails: [emails?.now, emails?.later, emails?.used], tokens, limits };
}

describe("planOutlook", () => {
  it("P19 begins a new month with an upgrade, which takes over what was used beyond its share", () => {
    expect(outlook("business", 0)).to.deep.include({
      emails: [3_000, 4_000, 0],
      tokens: { left: 300, later: 400 },
    });
    expect(outlook("business", 0.5)).to.deep.include({
      emails: [3_000, 4_000, 0],
      tokens: { left: 150, later: 400 },
    });
    expect(outlook("business", 1)).to.deep.include({
      emails: [3_000, 4_000, 1_500],
      tokens: { left: 0, later: 250 },
    });
  });

  it("P19 takes nothing over where nothing is credited", () => {
    expect(outlook("business", 1, { lines: [] }).tokens.later).to.equal(400);
  });

  it("P19 begins a cheaper plan's month whole, at the end of the present one", () => {
    const later = {
      period: { start: MARCH.end, end: monthsFrom("2026-04-10").end },
      billingReason: "subscription_cycle" as const,
      lines: [],
    };
    const found = outlook("starter", 1, later, MARCH.end);
    expect(found).to.deep.include({ emails: [3_000, 2_000, 0], tokens: { left: 0, later: 200 } });
    expect(found.limits.slice(1)).to.deep.equal(
      ["domains", "members", "templates"].map((name) => ({ name, now: 3, later: 2, used: null })),
    );
  });
});
