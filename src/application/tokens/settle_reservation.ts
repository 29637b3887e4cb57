import type { LedgerEntry } from "../../domain/tokens/token_ledger.ts";
import {
  heldTokens,
  reserveKey,
  settleKey,
  settleReservation,
  usedTokens,
} from "../../domain/tokens/token_ledger_spending.ts";
import type { Clock } from "../ports/clock.ts";
import { PortError } from "../ports/port_error.ts";
import type { TokenLedgerStore } from "../ports/tokens/token_ledger_store.ts";
import type { TokenReservationStore } from "../ports/tokens/token_reservation_store.ts";
import type { AppendToLedger } from "./append_to_ledger.ts";

/** The dependencies of ending a reservation. */
export interface SettlingDependencies {
  readonly ledger: TokenLedgerStore;
  readonly reservations: TokenReservationStore;
  readonly appendToLedger: AppendToLedger;
  readonly clock: Clock;
}

/** The outcome of ending a reservation. */
export type SettleOutcome =
  /** It has ended as requested, now or by an earlier call. */
  | { readonly type: "settled"; readonly entry: LedgerEntry }
  | { readonly type: "unknown_reservation" }
  /** The use exceeds the reservation. */
  | { readonly type: "exceeds_reservation"; readonly reserved: number }
  /** It had already ended in another way: committed, released or expired. */
  | { readonly type: "already_settled"; readonly entry: LedgerEntry };

/**
 * Ends a reservation, once. Until somebody has ended it, it can be committed even after its expiry:
 * its tokens are still there, and they were used.
 *
 * @param used 0 for a release
 * @throws {PortError}
 */
export async function settleOnce(
  { ledger, reservations, appendToLedger, clock }: SettlingDependencies,
  {
    tenantId,
    key,
    used,
    reason,
  }: {
    tenantId: string;
    key: string;
    used: number;
    reason: string | null;
  },
): Promise<SettleOutcome> {
  const hold = (await ledger.find(tenantId, reserveKey(key)))?.hold ?? null;
  if (hold === null) {
    return { type: "unknown_reservation" };
  }
  if (used > heldTokens(hold)) {
    return { type: "exceeds_reservation", reserved: heldTokens(hold) };
  }
  const outcome = await appendToLedger.execute({
    tenantId,
    decide: (last) =>
      last === undefined || last.reserved < heldTokens(hold)
        ? { decline: "ended" as const }
        : {
            append: settleReservation(last, hold, { key, used, reason, now: clock() }),
            reminder: { type: "drop", tenantId, key },
          },
  });
  const entry =
    outcome.type === "declined" ? await ledger.find(tenantId, settleKey(key)) : outcome.entry;
  if (entry === undefined) {
    throw new PortError(`Cannot end reservation "${key}" of "${tenantId}": its tokens are gone`, {
      transient: false,
    });
  }
  if (outcome.type !== "appended") {
    await reservations.drop(tenantId, key);
  }
  return { type: usedTokens(entry) === used ? "settled" : "already_settled", entry };
}
