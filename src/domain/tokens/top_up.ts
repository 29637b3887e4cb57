import type { TokenPack } from "../catalog/catalog.ts";
import { availableTokens, type LedgerEntry, SUPPLY_KINDS } from "./token_ledger.ts";

/** When a tenant wants token packs to be bought by themselves. */
export interface TopUpSettings {
  readonly enabled: boolean;
  /** A pack is bought when fewer tokens than this are left, monthly ones and packs together. */
  readonly belowTokens: number;
  readonly packSlug: string;
  /** The most packs that are bought so in a calendar month, UTC. */
  readonly maxPerMonth: number;
}

/** A purchase that was begun and has not ended yet. Times are ISO 8601 in UTC, as they are stored. */
export interface OpenTopUp {
  /** The number of the ledger entry that took the tokens below the threshold: the crossing. */
  readonly seq: number;
  readonly packSlug: string;
  readonly tokens: number;
  readonly priceId: string;
  readonly currency: string;
  readonly startedAt: string;
  /** The month that it counts in, as `2026-11`. */
  readonly month: string;
}

/** Why nothing is bought any more until the tenant switches it on again. */
export interface TopUpStop {
  readonly at: string;
  /** The crossing. */
  readonly seq: number;
  readonly packSlug: string;
  /** A code, such as `card_declined`. */
  readonly reason: string;
}

/** A tenant's automatic top-up, with what it has bought. */
export interface TopUp extends TopUpSettings {
  readonly tenantId: string;
  /** Grows by one with every save; 0 before the first. */
  readonly version: number;
  /** The month that `bought` counts, as `2026-11`; empty before the first purchase. */
  readonly month: string;
  readonly bought: number;
  /** The last ledger entry that can be no crossing any more. */
  readonly settledSeq: number;
  readonly open: OpenTopUp | null;
  /** When the open purchase is to be continued; `null` without one. */
  readonly dueAt: Date | null;
  readonly stopped: TopUpStop | null;
  /** The latest stops, oldest first; absent before the first, and of earlier releases. */
  readonly stops?: readonly TopUpStop[];
}

/** Why it stops where money was given back, or taken back by the bank. */
const REFUNDED = "pack_refunded";

/** The most stops kept for news. */
const KEPT_STOPS = 20;

/** Clocks that are trusted are within 30 s of the provider's, so within a minute of each other. */
const CLOCKS_APART_MS = 60_000;

/** The id of the record that says that there are others; no tenant's is empty. */
export const TOP_UP_MARK = "";

/** What a tenant has whose settings were never changed; without a pack nothing is bought. */
export function newTopUp(tenantId: string): TopUp {
  return {
    tenantId,
    version: 0,
    enabled: false,
    belowTokens: 0,
    packSlug: "",
    maxPerMonth: 0,
    month: "",
    bought: 0,
    settledSeq: 0,
    open: null,
    dueAt: null,
    stopped: null,
  };
}

/** How many packs were bought in the month of `now`, the one that is being bought included. */
export function boughtInMonth({ month, bought, open }: TopUp, now: Date): number {
  return (month >= monthOf(now) ? bought : 0) + (open === null ? 0 : 1);
}

/** Changes the settings. What was stopped goes on; a purchase that was begun stays. */
export function withSettings(topUp: TopUp, settings: TopUpSettings): TopUp {
  return { ...topUp, ...settings, stopped: null };
}

/**
 * Begins the purchase that a ledger's last entry asks for; `undefined` if it asks for none. One
 * purchase at a time, so that each crossing leads to one at most: an entry that spent, after the
 * last purchase was credited, and left less than the threshold. An entry that supplied tokens is a
 * crossing only where it left nothing to spend. What a refund or a dispute has left without tokens is
 * not charged again before the tenant says so: it stops. In a month's first minute, it begins in the
 * one before, and waits where that has its packs or an end that counts in this one.
 */
export function beginTopUp(
  topUp: TopUp,
  last: LedgerEntry | undefined,
  { pack, now }: { pack: TokenPack | undefined; now: Date },
): TopUp | undefined {
  const { enabled, belowTokens, maxPerMonth, packSlug, settledSeq } = topUp;
  if (!enabled || topUp.open !== null || last === undefined || last.seq <= settledSeq) {
    return undefined;
  }
  const supplies = (SUPPLY_KINDS as readonly string[]).includes(last.kind);
  const isLow = last.monthly + last.packs < belowTokens;
  if (!isLow || last.halted || (supplies && availableTokens(last) > 0)) {
    return undefined;
  }
  const month = monthsAround(now).earliest;
  const bought = topUp.month === month ? topUp.bought : 0;
  if (topUp.month > month || bought >= maxPerMonth) {
    return undefined;
  }
  const { seq } = last;
  const isRefund = last.kind === "reversal" && last.amount < 0;
  if (isRefund && stopsOf(topUp).every((stop) => stop.seq !== seq)) {
    return stopTopUp(topUp, { seq, packSlug, reason: REFUNDED, now });
  }
  if (pack === undefined || !pack.active) {
    return stopTopUp(topUp, { seq, packSlug, reason: "pack_not_offered", now });
  }
  const { tokens, priceId, currency } = pack;
  const startedAt = now.toISOString();
  const open = { seq, packSlug, tokens, priceId, currency, startedAt, month };
  return { ...topUp, month, bought, open, dueAt: now };
}

/**
 * Whether a purchase that was begun is still what the tenant wants: it may have switched top-ups off,
 * chosen another pack or lowered the ceiling since, and the pack may have got another price.
 */
export function isStillWanted(
  { enabled, packSlug, maxPerMonth, bought, open }: TopUp,
  pack: TokenPack | undefined,
): boolean {
  return (
    enabled &&
    open !== null &&
    open.packSlug === packSlug &&
    open.priceId === pack?.priceId &&
    pack.active &&
    bought < maxPerMonth
  );
}

/**
 * Ends an open purchase that a ledger entry credits. One that was begun in a month and credited in
 * another counts in both, so that nobody finds more than the ceiling in either.
 */
export function creditTopUp(topUp: TopUp, { seq, at }: Pick<LedgerEntry, "seq" | "at">): TopUp {
  const { latest } = monthsAround(at);
  const settled = { ...topUp, settledSeq: seq, open: null, dueAt: null };
  return latest > topUp.month
    ? { ...settled, month: latest, bought: 1 }
    : { ...settled, bought: topUp.bought + 1 };
}

/** Ends an open purchase that nothing was paid for, and leaves the rest as it is. */
export function withdrawTopUp(topUp: TopUp): TopUp {
  return { ...topUp, open: null, dueAt: null };
}

/**
 * Ends an open purchase that cannot be paid, and buys nothing more. The crossing stays one, for when
 * the tenant switches it on again.
 */
export function stopTopUp(
  topUp: TopUp,
  { now, ...stop }: Omit<TopUpStop, "at"> & { readonly now: Date },
): TopUp {
  const stopped = { at: now.toISOString(), ...stop };
  const stops = [...stopsOf(topUp), stopped].slice(-KEPT_STOPS);
  return { ...withdrawTopUp(topUp), enabled: false, stopped, stops };
}

/** Lists the latest stops, oldest first. */
export function stopsOf({ stops, stopped }: Pick<TopUp, "stops" | "stopped">) {
  return stops ?? (stopped === null ? [] : [stopped]);
}

/** The months in which it may be now, by whichever clock. */
function monthsAround(now: Date): { earliest: string; latest: string } {
  const around = (ms: number) => monthOf(new Date(+now + ms));
  return { earliest: around(-CLOCKS_APART_MS), latest: around(CLOCKS_APART_MS) };
}

function monthOf(now: Date): string {
  return now.toISOString().slice(0, 7);
}
