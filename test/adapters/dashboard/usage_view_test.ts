import { expect } from "chai";
import { I18n } from "../../../src/adapters/dashboard/client/i18n.js";
import type { Subscription } from "../../../src/adapters/dashboard/client/types.js";
import {
  chartBars,
  emailView,
  tokenView,
  upgradeView,
} from "../../../src/adapters/dashboard/client/usage_view.js";
import { quotaAllows } from "../../../src/domain/quota/email_quota.ts";
import { emails, PLANS, SUBSCRIPTION } from "../../samples/page.ts";

const ENGLISH = new I18n("en");
const plans = PLANS;

function usage(limit: number | null, used: number, resetsAt?: string | null) {
  const subscription = { ...SUBSCRIPTION, usage: { emails: emails(limit, used, resetsAt) } };
  return emailView(subscription as Subscription, plans, ENGLISH);
}

describe("e-mails used", () => {
  it("P32 are told by how near they are to the stop", () => {
    const levels = (limit: number, uses: readonly number[]) =>
      uses.map((used) => usage(limit, used).level);
    expect(levels(100, [0, 79, 80, 99, 100, 109, 110])).to.deep.equal([
      "normal",
      "normal",
      "warning",
      "warning",
      "grace",
      "grace",
      "stopped",
    ]);
    expect(levels(9, [9]), "a tenth of 9 is no e-mail").to.deep.equal(["stopped"]);
    expect(usage(0, 0).level).to.equal("stopped");
  });

  it("P32 stop at the same number as the service says", () => {
    for (const limit of [0, 1, 9, 10, 19, 100, 5_000, 250_000]) {
      const edge = Math.floor(limit * 1.1);
      for (const used of [edge - 1, edge, edge + 1].filter((each) => each >= 0)) {
        const isStopped = usage(limit, used).level === "stopped";
        expect(isStopped, `${used} of ${limit}`).to.equal(!quotaAllows({ limit, used }, 1));
      }
    }
  });

  it("fill a meter that ends at the stop, with marks at the warning and the limit", () => {
    const { meter, used, note, resets } = usage(50_000, 18_420);
    expect(used).to.equal("18,420 of 50,000");
    expect(note).to.equal("31,580 e-mails left");
    expect(resets).to.equal("Starts anew on December 23, 2026");
    expect(meter).to.include({ now: 18_420, max: 55_000 });
    expect(meter?.warningAt).to.be.closeTo(0.8 / 1.1, 1e-9);
    expect(meter?.limitAt).to.be.closeTo(1 / 1.1, 1e-9);
    expect(usage(100, 500).meter).to.include({ fill: 1, now: 110 });
    expect(usage(100, 5, null).resets).to.equal("Starts anew when the renewal is paid");
  });

  it("are none where the plan includes none, which is not called used up", () => {
    expect(usage(0, 0)).to.deep.equal({
      level: "stopped",
      used: "0 sent",
      resets: "",
      note: "Pro includes no e-mails.",
      meter: null,
    });
  });

  it("have no meter and no percentage without a limit", () => {
    expect(usage(null, 1_204_311)).to.deep.include({ level: "unlimited", meter: null });
  });
});

describe("AI tokens", () => {
  it("are told by where they come from; what is held or owed only where there is some", () => {
    const parts = (tokens: object) =>
      tokenView(
        { ...SUBSCRIPTION, tokens: { ...SUBSCRIPTION.tokens, ...tokens } } as Subscription,
        ENGLISH,
      ).parts.map(({ value }) => value);
    expect(parts({})).to.deep.equal(["18,800", "42,500"]);
    expect(parts({ reserved: 7, debt: 9 })).to.deep.equal(["18,800", "42,500", "7", "9"]);
  });

  it("name no date that has passed while the renewal is owed", () => {
    const note = (resetsAt: string | null) => {
      const usage = { emails: { ...SUBSCRIPTION.usage?.emails, resetsAt } };
      return tokenView({ ...SUBSCRIPTION, usage } as Subscription, ENGLISH).parts[0]?.note;
    };
    expect(note(null)).to.equal("of 50,000; anew when the renewal is paid");
    expect(note("2026-12-23T10:00:00Z")).to.match(/^of 50,000; expire on /);
  });

  it("of the last months are bars, oldest first, the running one marked", () => {
    const period = (start: string, end: string, used: number) => ({
      start,
      end,
      used,
      granted: 9,
      usedPacks: 0,
      bought: 0,
    });
    const bars = chartBars(
      [
        period("2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z", 0),
        period("2026-11-23T00:00:00Z", "2026-12-01T00:00:00Z", 46_900),
      ],
      ENGLISH,
    );
    expect(
      bars.map(({ label, short, size, running }) => [label, short, size, running]),
    ).to.deep.equal([
      ["Nov 23", "47K", 1, false],
      ["Dec", "0", 0, true],
    ]);
  });
});

describe("a chart of months", () => {
  it("has room for two years: every month is a column, some say which", () => {
    const months = Array.from({ length: 24 }, (_, age) => ({
      start: new Date(Date.UTC(2028, 11 - age)).toISOString(),
      end: new Date(Date.UTC(2028, 12 - age)).toISOString(),
      used: age,
    }));
    const bars = chartBars(months, ENGLISH);
    expect(bars).to.have.length(24);
    expect(bars.map(({ used }) => used)).to.deep.equal(
      months.map(({ used }) => `${used}`).reverse(),
    );
    const labels = bars.flatMap(({ label }) => label || []);
    expect(labels).to.deep.equal(["Apr", "Aug", "Dec", "Apr", "Aug", "Dec"]);
    expect(bars.every(({ short }) => short === "")).to.equal(true);
    expect(bars.at(-1)?.name).to.equal("Dec 1, 2028, running");
  });
});

describe("a chart of months that nobody used", () => {
  const bars = (...months: readonly (readonly [start: string, end: string])[]) =>
    chartBars(
      months.map(([start, end]) => ({ start, end, used: 5 })),
      ENGLISH,
    ).map(({ start, used }) => `${start.slice(0, 10)} ${used}`);

  it("has a column for each of them", () => {
    expect(bars(["2027-09-01", "2027-10-01"], ["2027-06-01", "2027-07-01"])).to.deep.equal([
      "2027-06-01 5",
      "2027-07-01 0",
      "2027-08-01 0",
      "2027-09-01 5",
    ]);
  });

  it("has none where months follow each other, touch within days, or overlap", () => {
    const june = ["2027-06-01", "2027-07-01"] as const;
    for (const start of ["2027-06-20", "2027-07-01", "2027-07-12"]) {
      expect(bars([start, "2027-08-01"], june), start).to.have.length(2);
    }
  });
});

describe("the advice to upgrade", () => {
  it("says what runs short and what the next plan gives", () => {
    const advised = (reasons: string[], planSlug = "business") =>
      upgradeView(
        {
          ...SUBSCRIPTION,
          usage: { emails: emails(50_000, 42_180) },
          upgrade: { planSlug, reasons },
        } as Subscription,
        plans,
        ENGLISH,
      );
    expect(advised(["emails_over_80_percent"])?.text)
      .to.include("84%")
      .and.to.include("250,000");
    expect(advised(["tokens_over_80_percent"])?.text).to.include("200,000");
    expect(advised(["emails_over_80_percent"], "gone")).to.equal(null);
    expect(upgradeView(SUBSCRIPTION as Subscription, plans, ENGLISH)).to.equal(null);
  });
});
