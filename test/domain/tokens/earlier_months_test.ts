import { expect } from "chai";
import { monthsOfLedger } from "../../../src/domain/tokens/earlier_months.ts";
import type { LedgerEntry, UnsealedEntry } from "../../../src/domain/tokens/token_ledger.ts";
import { sealEntry } from "../../../src/domain/tokens/token_ledger_seal.ts";
import {
  debitTokens,
  settleReservation,
} from "../../../src/domain/tokens/token_ledger_spending.ts";
import { TENANT } from "../../samples/account.ts";
import { at } from "../../samples/dates.ts";
import { monthOf } from "./ledger_simulation.ts";

const now = at("2026-03-20");
const grant = { key: `grant:${monthOf(3, 300).name}`, tokens: 300, expiresAt: at("2026-04-10") };

/** The last entry of a ledger of version 0.1.0: 120 of 300 tokens are left. */
async function older(changes: Partial<LedgerEntry> = {}): Promise<LedgerEntry> {
  const entry: UnsealedEntry = {
    tenantId: TENANT,
    seq: 5,
    key: "debit:a",
    kind: "debit" as const,
    amount: -180,
    expired: 0,
    monthly: 120,
    packs: 7,
    debt: 0,
    reserved: 30,
    grant,
    months: null,
    hold: null,
    reason: null,
    source: "request:a",
    halted: false,
    at: now,
    ...changes,
  };
  return await sealEntry(entry, "");
}

describe("the months of a ledger of an older release", () => {
  it("are the one whose grant was in force, by the name that its key has", async () => {
    expect(monthsOfLedger(await older(), { months: [] })).to.deep.equal({
      months: [
        {
          name: monthOf(3, 300).name,
          subscriptionId: "sub_one",
          start: at("2026-03-10"),
          end: at("2026-04-10"),
          allowance: 300,
          own: 180,
          inherited: 0,
          from: null,
          missed: false,
        },
      ],
      current: monthOf(3, 300).name,
      since: now,
      healings: 0,
      displaced: 0,
    });
  });

  it("are the one free month of the calendar, whatever was before it", async () => {
    const key = "grant:free-after-sub_one:2026-03-01T00:00:00.000Z";
    const { months, current } = monthsOfLedger(await older({ grant: { ...grant, key } }), {
      months: [],
    });
    expect(current).to.equal("free:2026-03-01T00:00:00.000Z");
    expect(months[0]).to.include({ subscriptionId: null });
  });

  it("take the name of the month that contains theirs, where that release cut a year otherwise", async () => {
    const month = { ...monthOf(3, 300), name: "sub_one:other", start: at("2026-03-05") };
    const found = monthsOfLedger(await older(), { months: [month] });
    expect(found.months[0]).to.deep.include({
      name: "sub_one:other",
      start: month.start,
      own: 180,
    });
  });

  it("stay a grant until a step of the months is written, and spending counts in it", async () => {
    const wish = { tenantId: TENANT, key: "b", tokens: 20, reason: null, now };
    const spent = debitTokens(await older(), wish);
    if ("type" in spent) {
      throw new TypeError("there are enough");
    }
    expect(spent).to.deep.include({ monthly: 100, grant, months: null });
    const hold = { monthly: 30, packs: 0, grantKey: grant.key, expiresAt: now };
    const ended = { key: "job", used: 10, reason: null, now };
    const settled = settleReservation(await older(), hold, ended);
    expect(settled).to.deep.include({ monthly: 140, expired: 0, grant, months: null });
    const left = settleReservation(await older(), { ...hold, grantKey: "grant:gone" }, ended);
    expect(left).to.deep.include({ monthly: 120, expired: 20 });
  });
});
