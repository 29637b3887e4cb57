import type { PaymentReversal } from "../subscription/payment_reversal.ts";
import {
  balanceOf,
  type LedgerEntry,
  nextEntry,
  type UnsealedEntry,
  withoutPackTokens,
  withPackTokens,
} from "./token_ledger.ts";
import { type PackPurchase, reversedTokens } from "./token_pack.ts";

/** A step that brings the ledger closer to the truth about a purchase. */
export type PackStep =
  | { readonly type: "credit"; readonly key: string; readonly purchase: PackPurchase }
  | {
      readonly type: "reverse";
      readonly key: string;
      readonly purchase: PackPurchase;
      /** What caused it; the purchase itself if two simultaneous looks have to be reconciled. */
      readonly cause: { readonly kind: PaymentReversal["kind"] | "checkout"; readonly id: string };
      /** Tokens taken back; negative if they are given again. */
      readonly tokens: number;
    };

/**
 * The recorded entries of each reversal by its id, oldest first (taken, given back, taken ...), and
 * those of the purchase by its own id.
 */
export type RecordedReversals = ReadonlyMap<string, readonly LedgerEntry[]>;

/** Builds the key of the entry that credits a purchase (P23). */
export function packKey(sessionId: string): string {
  return `pack:${sessionId}`;
}

/** Builds the key of the nth entry, counted from 1, about a refund or dispute (P23). */
export function reversalKey(reversalId: string, count: number): string {
  return count === 1 ? `reversal:${reversalId}` : `reversal:${reversalId}:${count}`;
}

/**
 * Finds the next step for a purchase; `undefined` if the ledger agrees with the truth. Each step
 * moves the difference between what the reversals in force amount to and what is recorded, so the
 * result does not depend on which reversal was seen first (P29).
 *
 * @param credited whether the purchase is in the ledger
 */
export function nextPackStep(
  purchase: PackPurchase,
  { credited, recorded }: { credited: boolean; recorded: RecordedReversals },
): PackStep | undefined {
  if (!credited) {
    return purchase.paid
      ? { type: "credit", key: packKey(purchase.sessionId), purchase }
      : undefined;
  }
  const reversals = purchase.reversals.toSorted(byAge);
  const entriesOf = (id: string) => recorded.get(id) ?? [];
  const isTaken = ({ id }: PaymentReversal) => entriesOf(id).length % 2 === 1;
  const changed = reversals.find((reversal) => reversal.inForce !== isTaken(reversal));
  const inForce = reversals.filter((reversal) =>
    reversal === changed ? reversal.inForce : isTaken(reversal),
  );
  const already = [purchase.sessionId, ...reversals.map(({ id }) => id)]
    .flatMap(entriesOf)
    .reduce((tokens, entry) => tokens - entry.amount, 0);
  const tokens = reversedTokens(purchase, inForce) - already;
  if (changed === undefined && tokens === 0) {
    return undefined;
  }
  const cause = changed ?? { kind: "checkout" as const, id: purchase.sessionId };
  const key = reversalKey(cause.id, entriesOf(cause.id).length + 1);
  return { type: "reverse", key, purchase, cause, tokens };
}

/** Builds the entry for a step. */
export function packEntry(
  last: LedgerEntry | undefined,
  step: PackStep,
  { tenantId, now }: { tenantId: string; now: Date },
): UnsealedEntry {
  const balance = balanceOf(last);
  const { key, purchase } = step;
  const fact = { tenantId, key, at: now };
  switch (step.type) {
    case "credit": {
      const reason = `pack ${purchase.packSlug}`;
      const kind = purchase.sessionId.startsWith("in_") ? "invoice" : "checkout";
      const source = `${kind}:${purchase.sessionId}`;
      const after = withPackTokens(balance, purchase.tokens);
      return nextEntry(last, { ...fact, kind: "pack", reason, source }, after);
    }
    case "reverse": {
      const { cause, tokens } = step;
      const subject = cause.kind === "checkout" ? "refunds" : cause.kind;
      const reason = `${subject} of pack ${purchase.packSlug}${tokens < 0 ? " ended" : ""}`;
      const source = `${cause.kind}:${cause.id}`;
      const after =
        tokens < 0 ? withPackTokens(balance, -tokens) : withoutPackTokens(balance, tokens);
      return nextEntry(last, { ...fact, kind: "reversal", reason, source }, after);
    }
    default:
      return step satisfies never;
  }
}

function byAge(a: PaymentReversal, b: PaymentReversal): number {
  return a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : 1);
}
