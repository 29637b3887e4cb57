import { expect } from "chai";
import {
  accountDrift,
  DRIFT_KINDS,
  ledgerDrift,
} from "../../../src/application/reconciliation/drift.ts";
import { newAccount } from "../../../src/domain/subscription/billing_account.ts";
import { changedFields } from "../../../src/domain/subscription/changed_fields.ts";
import { nextEntry } from "../../../src/domain/tokens/token_ledger.ts";
import { sealEntry } from "../../../src/domain/tokens/token_ledger_seal.ts";
import {
  fullCheckout,
  MARCH,
  owedRenewal,
  paidStanding,
  sampleAccount,
  sampleAccountSubscription,
  TENANT,
} from "../../samples/account.ts";
import { at } from "../../samples/dates.ts";

describe("accountDrift", () => {
  it("P37 names every field that the provider decides, and its kind", () => {
    const full = sampleAccount({
      subscription: sampleAccountSubscription({
        cancelAt: at("2026-04-01"),
        endedAt: at("2026-04-01"),
        trialEnd: at("2026-04-01"),
      }),
      standing: paidStanding(MARCH, "pro", { debts: [owedRenewal(at("2026-04-10"))] }),
      checkout: fullCheckout(),
    });
    const drift = accountDrift(TENANT, changedFields(newAccount(TENANT), full));
    const kinds = Object.fromEntries(drift.map(({ field, kind }) => [field, kind]));
    expect(kinds).to.deep.include({
      customerId: "customer",
      "subscription.id": "subscription",
      "subscription.status": "status",
      "subscription.planSlug": "plan",
      "subscription.interval": "plan",
      "subscription.period.start": "period",
      "subscription.period.end": "period",
      "subscription.trialEnd": "period",
      "subscription.cancelAt": "cancellation",
      "subscription.endedAt": "cancellation",
      "owed.in_owed.since": "dunning",
      "settled.planSlug": "paid_period",
      "settled.period.start": "paid_period",
    });
    const ours = changedFields(newAccount(TENANT), full).filter(
      ({ field }) => !/^checkout\.|^subscription\.collectionMethod$/.test(field),
    );
    expect(drift, "no field of the provider is left out").to.have.length(ours.length);
    expect(drift.every((one) => one.ours === null && one.theirs !== null)).to.equal(true);
    expect(DRIFT_KINDS).to.include.members(Object.values(kinds));
  });

  it("counts a field once that was changed twice, and not one that was changed back", () => {
    const field = "subscription.status";
    const first = { field, before: "active", after: "past_due" };
    const second = { field, before: "past_due", after: "unpaid" };
    const back = { field, before: "past_due", after: "active" };
    expect(accountDrift(TENANT, [first, second])).to.deep.equal([
      { tenantId: TENANT, kind: "status", field, ours: "active", theirs: "unpaid" },
    ]);
    expect(accountDrift(TENANT, [first, back])).to.deep.equal([]);
  });
});

describe("ledgerDrift", () => {
  it("P37 names paid grants, packs and reversals with their tokens, nothing else", async () => {
    const fact = { tenantId: TENANT, at: at("2026-03-15"), source: null };
    const entries = [];
    let last: Awaited<ReturnType<typeof sealEntry>> | undefined;
    for (const unsealed of [
      () => nextEntry(last, { ...fact, kind: "grant", key: "grant:free:m" }, { monthly: 5 }),
      () =>
        nextEntry(
          last,
          {
            ...fact,
            kind: "grant",
            key: "grant:sub_1:m",
            source: "invoice:in_1",
            expired: 5,
          },
          { monthly: 50 },
        ),
      () => nextEntry(last, { ...fact, kind: "pack", key: "pack:cs_1" }, { packs: 100 }),
      () => nextEntry(last, { ...fact, kind: "reversal", key: "reversal:re_1" }, { packs: 60 }),
      () => nextEntry(last, { ...fact, kind: "debit", key: "debit:a" }, { packs: 59 }),
    ]) {
      last = await sealEntry(unsealed(), last?.hash ?? "");
      entries.push(last);
    }
    expect(ledgerDrift(TENANT, entries)).to.deep.equal([
      { tenantId: TENANT, kind: "grant", field: "grant:sub_1:m", ours: null, theirs: 50 },
      { tenantId: TENANT, kind: "pack", field: "pack:cs_1", ours: null, theirs: 100 },
      { tenantId: TENANT, kind: "reversal", field: "reversal:re_1", ours: null, theirs: -40 },
    ]);
  });
});
