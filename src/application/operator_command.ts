import { isName, requireReason } from "../domain/text.ts";

/** Who changes a ledger by hand, and why. */
export interface OperatorCommand {
  readonly tenantId: string;
  readonly reason: string;
  /** A person's name. */
  readonly operator: string;
}

/**
 * The part of a command that stays in the ledger.
 *
 * @throws {TypeError} without a reason or an operator
 */
export function signedBy({
  reason,
  operator,
}: OperatorCommand): Pick<OperatorCommand, "reason" | "operator"> {
  if (reason.trim() === "" || !isName(operator)) {
    throw new TypeError("Cannot change a ledger by hand: a reason and a name are needed");
  }
  requireReason(reason);
  return { reason, operator };
}
