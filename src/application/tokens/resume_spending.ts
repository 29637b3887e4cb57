import type { AttentionItem } from "../../domain/attention/attention_item.ts";
import { isEnded } from "../../domain/subscription/billing_account.ts";
import { sealHead } from "../../domain/tokens/ledger_head.ts";
import type { LedgerKeys } from "../../domain/tokens/ledger_keys.ts";
import { haltSpending } from "../../domain/tokens/token_ledger_adjustment.ts";
import { type OperatorCommand, signedBy } from "../operator_command.ts";
import type { Clock } from "../ports/clock.ts";
import type { AccountStore } from "../ports/subscription/account_store.ts";
import { TenantEndedError } from "../ports/tenant_ended_error.ts";
import type { LedgerHeadStore } from "../ports/tokens/ledger_head_store.ts";
import type { AppendToLedger, LedgerDecision } from "./append_to_ledger.ts";

/** Raises or clears the item that a tenant's ledger is damaged (P41). */
export interface NameLedgerAttention {
  execute(command: {
    tenantId: string;
    revision: number;
    found: readonly AttentionItem[];
    looked: readonly "ledger_damaged"[];
  }): Promise<unknown>;
}

/** The dependencies of `ResumeSpending`. */
export interface ResumeSpendingDependencies {
  readonly appendToLedger: AppendToLedger;
  readonly ledgerHeads: LedgerHeadStore;
  readonly ledgerKeys: LedgerKeys;
  readonly accounts: Pick<AccountStore, "find">;
  readonly nameAttention: NameLedgerAttention;
  readonly clock: Clock;
}

/** Lets a tenant with a damaged ledger spend again, once an operator has dealt with it. */
export class ResumeSpending {
  readonly #dependencies: ResumeSpendingDependencies;

  constructor(dependencies: ResumeSpendingDependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * Returns false if spending was not halted. Later checks still report older damage, but it halts
   * nothing any more; the ledger's head becomes what the operator has seen.
   *
   * @throws {TypeError} without a reason or an operator
   * @throws {TenantEndedError} where the tenant has been ended
   * @throws {UnreadableLedgerError} while the last entry is unreadable: restore it first
   * @throws {PortError}
   */
  async execute(command: OperatorCommand): Promise<boolean> {
    const { tenantId } = command;
    const { appendToLedger, ledgerHeads, ledgerKeys, accounts, clock } = this.#dependencies;
    const account = await accounts.find(tenantId);
    if (account !== undefined && isEnded(account, clock())) {
      throw new TenantEndedError(tenantId);
    }
    const correction = { ...signedBy(command), tenantId, key: crypto.randomUUID() };
    const outcome = await appendToLedger.execute({
      tenantId,
      decide: (last): LedgerDecision<"not_halted"> => {
        const append = haltSpending(last, { ...correction, now: clock() }, false);
        return append === undefined ? { decline: "not_halted" } : { append };
      },
    });
    if (outcome.type === "declined") {
      return false;
    }
    await ledgerHeads.put(sealHead(outcome.entry, ledgerKeys.sealing));
    const revision = account?.revision ?? 0;
    const looked = ["ledger_damaged"] as const;
    await this.#dependencies.nameAttention.execute({ tenantId, revision, found: [], looked });
    return true;
  }
}
