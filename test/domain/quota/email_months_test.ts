import { expect } from "chai";
import {
  decideEmailMonths,
  emailUsage,
  keepEmailMonths,
  namelessMonths,
} from "../../../src/domain/quota/email_months.ts";
import type { QuotaBasis } from "../../../src/domain/quota/email_quota.ts";
import { currentMonth, NO_MONTHS } from "../../../src/domain/quota/usage_months.ts";
import { NEXT_MONTH, THIS_MONTH } from "../../samples/dates.ts";
import { sampleLook, sampleMonth } from "../../samples/quota.ts";

const NOW = new Date("2026-03-15T12:00:00Z");
const march = sampleMonth(THIS_MONTH, 100);
const april = sampleMonth(NEXT_MONTH, 100);

function basis(changes: Partial<QuotaBasis> = {}): QuotaBasis {
  const validUntil = new Date(+NOW + 60_000);
  return { accountRevision: 3, catalogRevision: 2, decidedAt: NOW, validUntil, ...changes };
}

const begun = decideEmailMonths(undefined, { look: sampleLook(march), basis: basis() });

describe("decideEmailMonths", () => {
  it("P33 begins the month that the look found", () => {
    expect(emailUsage("t_acme", begun)).to.deep.equal({
      ...basis(),
      tenantId: "t_acme",
      month: march.name,
      period: THIS_MONTH,
      limit: 100,
      used: 0,
      refusedAt: null,
    });
  });

  it("P10 answers the same object for a look at an older account or catalogue", () => {
    for (const older of [{ accountRevision: 2, catalogRevision: 9 }, { catalogRevision: 1 }]) {
      const facts = basis({ decidedAt: NEXT_MONTH.start, ...older });
      expect(decideEmailMonths(begun, { look: sampleLook(april), basis: facts })).to.equal(begun);
      expect(keepEmailMonths(begun, facts)).to.equal(begun);
    }
  });

  it("P25 answers the same object for a look by a clock that is behind", () => {
    const behind = basis({ decidedAt: new Date(+NOW - 1), accountRevision: 9 });
    expect(decideEmailMonths(begun, { look: sampleLook(april), basis: behind })).to.equal(begun);
  });

  it("P33 a second look at the same truth renews the decision alone, once its time is over", () => {
    const { validUntil } = basis();
    const early = basis({ decidedAt: new Date(+validUntil - 1), validUntil: NEXT_MONTH.start });
    expect(decideEmailMonths(begun, { look: sampleLook(march), basis: early })).to.equal(begun);
    const later = basis({ decidedAt: validUntil, validUntil: NEXT_MONTH.start });
    const again = decideEmailMonths(begun, { look: sampleLook(march), basis: later });
    expect(again).to.deep.equal({ ...begun, basis: later });
  });

  it("P10 a look at the same truth is stored where an older account could come after it", () => {
    const look = sampleLook(march);
    const later = { decidedAt: new Date(+NOW + 1), validUntil: NEXT_MONTH.start };
    for (const facts of [{ accountRevision: 5 }, { catalogRevision: 3 }]) {
      const newer = basis({ ...later, ...facts });
      expect(decideEmailMonths(begun, { look, basis: newer }).basis).to.deep.equal(newer);
    }
    const known = { look, basis: basis({ ...later, accountRevision: 5 }) };
    expect(decideEmailMonths(begun, { ...known, unchangedSince: 3 })).to.equal(begun);
    expect(decideEmailMonths(begun, { ...known, unchangedSince: 4 })).not.to.equal(begun);
  });

  it("P25 a decision by a clock that was ahead is stored anew, though it comes to the same", () => {
    const ahead = { ...begun, basis: basis({ validUntil: NEXT_MONTH.end }) };
    const sane = basis({ decidedAt: new Date(+NOW + 1_000) });
    const again = decideEmailMonths(ahead, { look: sampleLook(march), basis: sane });
    expect(again.basis).to.deep.equal(sane);
  });

  it("P25 what a clock far ahead has decided is taken back by the next sane look", () => {
    const ahead = basis({ decidedAt: NEXT_MONTH.start, validUntil: NEXT_MONTH.end });
    const wrong = decideEmailMonths(begun, { look: sampleLook(march, april), basis: ahead });
    expect(emailUsage("t_acme", wrong).month).to.equal(april.name);
    const sane = basis({ decidedAt: new Date(+NOW + 1_000) });
    const healed = decideEmailMonths(wrong, { look: sampleLook(march), basis: sane });
    expect(emailUsage("t_acme", healed)).to.include({ month: march.name });
    expect(healed.basis).to.deep.equal(sane);
  });
});

describe("months of a release that had no names for them", () => {
  const bought = { start: new Date("2026-03-10T09:00:00Z"), end: new Date("2026-04-10T09:00:00Z") };
  const inForce = { ...bought, limit: 100, used: 40 };
  const month = sampleMonth(bought, 100);

  function looked(old: Parameters<typeof namelessMonths>[0], decidedAt = NOW) {
    const facts = basis({ decidedAt });
    const look = sampleLook(month);
    return decideEmailMonths(
      { usage: namelessMonths(old), basis: basis(), history: [], marks: [], refusedAt: null },
      { look, basis: facts },
    );
  }

  it("have no name before the first look", () => {
    const usage = namelessMonths({ inForce, past: [] });
    const record = emailUsage("t_acme", { usage, basis: basis(), refusedAt: null });
    expect(record).to.include({ month: "", limit: 100, used: 40 });
  });

  it("P26 are known by their start: what was used of the running one stays used", () => {
    const { usage } = looked({ inForce, past: [{ start: THIS_MONTH.start, used: 5 }] });
    expect(usage.months.map(({ name, own }) => [name, own])).to.deep.equal([
      ["free:2026-03-01T00:00:00.000Z", 5],
      [month.name, 40],
    ]);
    expect(currentMonth(usage)).to.include({ subscriptionId: "sub_1", own: 40, allowance: 100 });
    expect(usage.since).to.deep.equal(NOW);
  });

  it("P26 a year that was cut otherwise goes on in the month that contains its start", () => {
    const start = new Date("2026-03-12T09:00:00Z");
    const { usage } = looked({ inForce: { ...inForce, start }, past: [] });
    expect(currentMonth(usage)).to.include({ name: month.name, own: 40 });
    expect(usage.months).to.have.length(1);
  });

  it("P33 a calendar month stays the free one, also within a subscription's month", () => {
    const start = new Date("2026-04-01T00:00:00Z");
    const old = { inForce: { ...inForce, start, end: new Date("2026-05-01"), used: 9 }, past: [] };
    const { usage } = looked(old, start);
    expect(usage.months[0]).to.include({ name: "free:2026-04-01T00:00:00.000Z", own: 9 });
    expect(currentMonth(usage)).to.include({ name: month.name, own: 0 });
  });

  it("the free month of a former period comes back with what was used of it", () => {
    const free = {
      ...sampleMonth(THIS_MONTH, 100),
      name: `free:${THIS_MONTH.start.toISOString()}`,
    };
    const old = { inForce, past: [{ start: THIS_MONTH.start, used: 60 }] };
    const before = looked(old);
    const look = { ...sampleLook({ ...free, subscriptionId: null }), months: [] };
    const after = decideEmailMonths(before, { look, basis: basis() });
    expect(emailUsage("t_acme", after)).to.include({ month: free.name, limit: 100, used: 60 });
  });

  it("a tenant without any month has nothing to show", () => {
    const none = { usage: NO_MONTHS, basis: basis(), refusedAt: null };
    expect(() => emailUsage("t_acme", none)).to.throw(TypeError, "no month is in force");
  });
});
