import { availableTokens, type LedgerEntry, totalOf } from "../tokens/token_ledger.ts";
import { type AnyNotification, type NotificationType, notificationOf } from "./notification.ts";

type TokenNewsType = Exclude<
  Extract<NotificationType, `${"tokens" | "pack"}.${string}`>,
  "tokens.top_up_stopped"
>;

/**
 * Derives the notifications of an entry of the token ledger.
 *
 * @param tokensBelow the tenant's own threshold; `null` if it has none
 */
export function tokenNotifications(
  entry: LedgerEntry,
  tokensBelow: number | null,
): readonly AnyNotification[] {
  const { tenantId, seq, kind, amount, monthly, packs, debt, reserved, source, at } = entry;
  const available = availableTokens(entry);
  const balance = { monthly, packs, debt, reserved };
  const data = { seq, kind, amount, available, balance, source };
  const before = Math.max(0, totalOf(entry) - amount);
  const types: TokenNewsType[] = [];
  if (kind === "grant" && amount + entry.expired > 0) {
    types.push("tokens.granted");
  } else if (kind === "pack") {
    types.push("pack.bought");
  } else if (kind === "reversal" && amount < 0) {
    types.push("pack.refunded");
  }
  if (tokensBelow !== null && available < tokensBelow && before >= tokensBelow) {
    types.push("tokens.low");
  }
  if (available === 0 && before > 0) {
    types.push("tokens.exhausted");
  }
  return types.map((type) => notificationOf(type, { fact: String(seq), tenantId, at, data }));
}
