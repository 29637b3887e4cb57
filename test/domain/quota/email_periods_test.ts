import { expect } from "chai";
import { decideEmailMonths, type EmailMonths } from "../../../src/domain/quota/email_months.ts";
import { emailPeriods } from "../../../src/domain/quota/email_periods.ts";
import { currentMonth, useIn } from "../../../src/domain/quota/usage_months.ts";
import { addMonths, calendarMonth } from "../../../src/domain/subscription/billing_period.ts";
import { sampleLook, sampleMonth } from "../../samples/quota.ts";

const FIRST = new Date("2024-01-01T00:00:00Z");

function freeMonth(index: number) {
  const period = calendarMonth(addMonths(FIRST, index));
  const name = `free:${period.start.toISOString()}`;
  return sampleMonth(period, 100, { name, subscriptionId: null });
}

/** Looks in a month, then sends as many e-mails as its number. */
function sent(before: EmailMonths | undefined, index: number): EmailMonths {
  const month = freeMonth(index);
  const look = { ...sampleLook(month), months: [] };
  const basis = {
    accountRevision: 1,
    catalogRevision: 1,
    decidedAt: month.start,
    validUntil: month.end,
  };
  const decided = decideEmailMonths(before, { look, basis });
  return { ...decided, usage: useIn(decided.usage, month.name, index) };
}

function afterMonths(count: number): EmailMonths {
  const indexes = Array.from({ length: count }, (_, index) => index);
  const months = indexes.reduce<EmailMonths | undefined>(sent, undefined);
  return months ?? expect.fail("no months");
}

describe("emailPeriods", () => {
  it("lists each month once with what was sent in it, the running one last", () => {
    const months = afterMonths(12);
    expect(months.usage.months).to.have.length.below(6);
    expect(emailPeriods(months)).to.deep.equal(
      Array.from({ length: 12 }, (_, index) => {
        const { start, end } = freeMonth(index);
        return { start, end, limit: 100, used: index };
      }),
    );
  });

  it("goes back 24 months and no further, however long a tenant sends", () => {
    const periods = emailPeriods(afterMonths(60));
    expect(periods.at(-1)).to.include({ used: 59 });
    expect(periods.map(({ used }) => used)).to.deep.equal(
      Array.from({ length: periods.length }, (_, index) => 60 - periods.length + index),
    );
    expect(periods).to.have.length(25);
  });

  it("leaves out what a subscription that ended longer ago had last", () => {
    const { start, end } = freeMonth(0);
    const paid = sampleMonth({ start, end }, 5_000);
    const basis = { accountRevision: 1, catalogRevision: 1, decidedAt: start, validUntil: end };
    const first = decideEmailMonths(undefined, { look: sampleLook(paid), basis });
    const of = (count: number) =>
      Array.from({ length: count }, (_, index) => index + 1).reduce<EmailMonths>(sent, first);
    expect(emailPeriods(of(24)).at(0)).to.deep.include({ start, limit: 5_000 });
    const later = of(30);
    expect(later.usage.months[0]).to.include({ name: paid.name });
    expect(emailPeriods(later)[0]?.start).to.deep.equal(freeMonth(6).start);
  });

  it("P25 does not show months that a clock far ahead had begun", () => {
    const wrong = sent(sent(sent(undefined, 0), 7), 8);
    const healed = sent(wrong, 1);
    expect(currentMonth(healed.usage)?.name).to.equal(freeMonth(1).name);
    expect(emailPeriods(sent(healed, 2)).map(({ start }) => start)).to.deep.equal(
      [0, 1, 2].map((index) => freeMonth(index).start),
    );
  });

  it("a month that an upgrade cut short ends where the next one begins", () => {
    const march = sampleMonth(calendarMonth(new Date("2026-03-10T00:00:00Z")), 100);
    const half = new Date("2026-03-16T00:00:00Z");
    const inherits = { month: march.name, creditedFrom: half, replaced: [] };
    const period = { start: half, end: addMonths(half, 1) };
    const upgraded = sampleMonth(period, 1_000, { inherits });
    const basis = { accountRevision: 1, catalogRevision: 1, decidedAt: half, validUntil: half };
    const before = decideEmailMonths(undefined, {
      look: sampleLook(march),
      basis: { ...basis, decidedAt: march.start },
    });
    const after = decideEmailMonths(before, { look: sampleLook(march, upgraded), basis });
    expect(emailPeriods(after)).to.deep.equal([
      { start: march.start, end: half, limit: 100, used: 0 },
      { ...period, limit: 1_000, used: 0 },
    ]);
  });

  it("keeps a record small whose periods begin anew every day", () => {
    let months: EmailMonths | undefined;
    for (let day = 0; day < 400; day += 1) {
      const start = new Date(+FIRST + day * 86_400_000);
      const month = sampleMonth({ start, end: new Date(+start + 86_400_000) }, 100);
      const basis = {
        accountRevision: 1,
        catalogRevision: 1,
        decidedAt: start,
        validUntil: month.end,
      };
      months = decideEmailMonths(months, { look: sampleLook(month), basis });
    }
    expect(months?.history).to.have.length(60);
  });
});
