import { advanceMonths } from "../../../src/domain/quota/advance_months.ts";
import type { MonthLook } from "../../../src/domain/quota/month_look.ts";
import type { Month } from "../../../src/domain/subscription/month.ts";
import { monthsOfLedger } from "../../../src/domain/tokens/earlier_months.ts";
import {
  balanceOf,
  type LedgerEntry,
  type UnsealedEntry,
} from "../../../src/domain/tokens/token_ledger.ts";
import { adjustTokens } from "../../../src/domain/tokens/token_ledger_adjustment.ts";
import {
  nextPackStep,
  packEntry,
  packKey,
  type RecordedReversals,
  reversalKey,
} from "../../../src/domain/tokens/token_ledger_packs.ts";
import {
  debitTokens,
  heldTokens,
  reserveKey,
  reserveTokens,
  settleReservation,
} from "../../../src/domain/tokens/token_ledger_spending.ts";
import { monthEntry, tokenMonthFact } from "../../../src/domain/tokens/token_months.ts";
import type { PackPurchase } from "../../../src/domain/tokens/token_pack.ts";
import { TENANT } from "../../samples/account.ts";
import { at, monthsFrom } from "../../samples/dates.ts";

const now = at("2026-03-10T12:00:00Z");

/** A ledger in memory that takes entries as a store does: by number, and once per key. */
export class LedgerSimulation {
  readonly entries: LedgerEntry[] = [];
  readonly #byKey = new Map<string, LedgerEntry>();

  /** The last entry. */
  get last(): LedgerEntry | undefined {
    return this.entries.at(-1);
  }

  /** The entry with that key. */
  find(key: string): LedgerEntry | undefined {
    return this.#byKey.get(key);
  }

  /** Goes to a month of 2026, or looks at the one in force; an earlier one changes nothing. */
  grant(month: number, tokens: number): void {
    const target = monthOf(month, tokens);
    const look: MonthLook = {
      measure: "tokens" as const,
      month: target,
      months: [target],
      goesOn: false,
      subscriptionLives: true,
      knownSince: null,
    };
    for (const step of advanceMonths(monthsOfLedger(this.last, look), look, target.start)) {
      const before = { balance: balanceOf(this.last), seq: (this.last?.seq ?? 0) + 1 };
      const about = { tenantId: TENANT, source: null, now: target.start };
      this.#append(monthEntry(this.last, tokenMonthFact(step, before), about));
    }
  }

  /** Spends once per key, if there are enough. */
  debit(key: string, tokens: number): void {
    this.#append(debitTokens(this.last, { tenantId: TENANT, key, tokens, reason: null, now }));
  }

  /** Reserves once per key, if there are enough. */
  reserve(key: string, tokens: number): void {
    const wish = { tenantId: TENANT, key, tokens, reason: null, now };
    this.#append(reserveTokens(this.last, { ...wish, expiresAt: now }));
  }

  /** Ends a reservation, once, with a share of it used. */
  settle(key: string, share: number): void {
    const hold = this.find(reserveKey(key))?.hold;
    if (!hold || this.last === undefined || this.#byKey.has(`settle:${key}`)) {
      return;
    }
    const used = Math.floor(heldTokens(hold) * share);
    this.#append(settleReservation(this.last, hold, { key, used, reason: null, now }));
  }

  /** Corrects by hand, if there are enough. */
  adjust(tokens: number): void {
    const key = String(this.entries.length);
    const correction = { tenantId: TENANT, key, reason: "a test", operator: "Ada", now };
    this.#append(adjustTokens(this.last, correction, tokens));
  }

  /** Brings the ledger to what is true of a purchase. */
  sync(purchase: PackPurchase): void {
    for (;;) {
      const credited = this.#byKey.has(packKey(purchase.sessionId));
      const step = nextPackStep(purchase, { credited, recorded: this.#recorded(purchase) });
      if (step === undefined) {
        return;
      }
      this.#append(packEntry(this.last, step, { tenantId: TENANT, now }));
    }
  }

  #recorded({ sessionId, reversals }: PackPurchase): RecordedReversals {
    const recorded = new Map<string, LedgerEntry[]>();
    for (const { id } of [{ id: sessionId }, ...reversals]) {
      const entries: LedgerEntry[] = [];
      for (let entry = this.find(reversalKey(id, 1)); entry !== undefined; ) {
        entries.push(entry);
        entry = this.find(reversalKey(id, entries.length + 1));
      }
      recorded.set(id, entries);
    }
    return recorded;
  }

  #append(entry: UnsealedEntry | { readonly type: string } | undefined): void {
    if (entry === undefined || "type" in entry || this.#byKey.has(entry.key)) {
      return;
    }
    const stored = { ...entry, previousHash: "", keyId: null, hash: "" };
    this.entries.push(stored);
    this.#byKey.set(entry.key, stored);
  }
}

/** A month of the subscription. */
export function monthOf(month: number, tokens: number): Month {
  const { start, end } = monthsFrom(`2026-${String(month).padStart(2, "0")}-10`);
  return {
    name: `sub_one:${start.toISOString()}`,
    subscriptionId: "sub_one",
    start,
    end,
    over: end,
    parts: [{ from: start, emails: 0, tokens }],
    least: { emails: 0, tokens: 0 },
    inherits: null,
    creditedFrom: null,
    settledAt: start,
  };
}
