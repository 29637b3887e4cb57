import { attentionItem } from "../../domain/attention/attention_kinds.ts";
import { isKey } from "../../domain/text.ts";
import { beginningHead, type LedgerHead, MARK } from "../../domain/tokens/ledger_head.ts";
import type { LedgerKeys } from "../../domain/tokens/ledger_keys.ts";
import { haltSpending } from "../../domain/tokens/token_ledger_adjustment.ts";
import type { LedgerProblem } from "../../domain/tokens/token_ledger_check.ts";
import type { Clock } from "../ports/clock.ts";
import { PortError } from "../ports/port_error.ts";
import type { AccountStore } from "../ports/subscription/account_store.ts";
import type { LedgerHeadStore } from "../ports/tokens/ledger_head_store.ts";
import {
  type TokenLedgerStore,
  UnreadableLedgerError,
} from "../ports/tokens/token_ledger_store.ts";
import type { AppendToLedger, LedgerDecision } from "./append_to_ledger.ts";
import { LedgerCheck, type LedgerVerdict } from "./ledger_check.ts";
import type { NameLedgerAttention } from "./resume_spending.ts";

const TENANTS_PER_PAGE = 100;
const ENTRIES_PER_PROGRESS = 10_000;
const MAX_REASON = 200;

/** The progress of a check. */
export interface VerificationProgress {
  readonly tenantId: string;
  /** Entries of all tenants so far. */
  readonly entries: number;
}

/** A tenant whose ledger is damaged. */
export interface DamagedLedger {
  readonly tenantId: string;
  /** The first thousand. */
  readonly problems: readonly LedgerProblem[];
  /** How many more there are. */
  readonly more: number;
  /** Whether an operator has seen all of it and let spending continue. */
  readonly acknowledged: boolean;
}

/** The result of a check. */
export interface LedgerReport {
  readonly tenants: number;
  readonly entries: number;
  /** Number of ledgers that had no head, or none with a seal, and now have one. */
  readonly sealed: number;
  readonly damaged: readonly DamagedLedger[];
  /** False if it was stopped before the last ledger. */
  readonly complete: boolean;
}

/** The dependencies of the check. */
export interface VerifyLedgersDependencies {
  readonly ledger: TokenLedgerStore;
  readonly ledgerHeads: LedgerHeadStore;
  readonly ledgerKeys: LedgerKeys;
  readonly appendToLedger: AppendToLedger;
  readonly accounts: Pick<AccountStore, "find">;
  readonly nameAttention: NameLedgerAttention;
  readonly clock: Clock;
}

/**
 * Checks that the ledgers are unchanged (P30): entry by entry, and against their heads, which
 * reveal removed entries. Halts spending of a tenant with a damaged ledger, tells an operator and
 * continues with the others. Moves heads that lag behind, and gives ledgers of the previous release
 * theirs. Streams the entries and keeps only the keys of one ledger in memory. Cannot detect a
 * database that was set back as a whole: only a backup shows that.
 */
export class VerifyLedgers {
  readonly #dependencies: VerifyLedgersDependencies;

  constructor(dependencies: VerifyLedgersDependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * Checks one ledger, or all of them.
   *
   * @param onProgress called after every ledger, and within long ones
   * @param signal ends the check after the ledger in hand
   * @throws {PortError}
   */
  async execute({
    tenantId: only,
    onProgress = () => undefined,
    signal,
  }: {
    tenantId?: string | undefined;
    signal?: AbortSignal;
    onProgress?: (progress: VerificationProgress) => void;
  }): Promise<LedgerReport> {
    const mark = await this.#mark();
    let tenants = 0;
    let entries = 0;
    let sealed = 0;
    const damaged: DamagedLedger[] = [];
    for await (const tenantId of only === undefined ? this.#tenants() : [only]) {
      if (signal?.aborted) {
        return { tenants, entries, sealed, damaged, complete: false };
      }
      const verdict = await this.#check(tenantId, mark, () => {
        entries += 1;
        if (entries % ENTRIES_PER_PROGRESS === 0) {
          onProgress({ tenantId, entries });
        }
      });
      const { problems, more, acknowledged, move } = verdict;
      tenants += 1;
      sealed += isNewlySealed(verdict) ? 1 : 0;
      if (problems.length > 0) {
        damaged.push({ tenantId, problems, more, acknowledged });
        await this.#halt(tenantId, verdict);
      } else if (move !== null) {
        await this.#dependencies.ledgerHeads.move(move);
      }
      onProgress({ tenantId, entries });
    }
    if (only === undefined) {
      await this.#setMark(mark);
    }
    return { tenants, entries, sealed, damaged, complete: true };
  }

  /** Yields the tenants that have a ledger, then those that had one. */
  async *#tenants(): AsyncGenerator<string, void, undefined> {
    const { ledger, ledgerHeads } = this.#dependencies;
    yield* inPages((after) => ledger.tenants({ after, limit: TENANTS_PER_PAGE }));
    const heads = inPages(async (after) => {
      const page = await ledgerHeads.list({ after, limit: TENANTS_PER_PAGE });
      return page.map(({ tenantId }) => tenantId);
    });
    for await (const tenantId of heads) {
      const { done } = await ledger.entries(tenantId)[Symbol.asyncIterator]().next();
      if (done) {
        yield tenantId;
      }
    }
  }

  /**
   * Reads the head first, so it names only entries that are read afterwards. A ledger with entries
   * but no head may have just begun; then it has a head by now.
   */
  async #check(
    tenantId: string,
    mark: LedgerHead | undefined,
    onEntry: () => void,
  ): Promise<LedgerVerdict> {
    const { ledger, ledgerHeads, ledgerKeys: keys } = this.#dependencies;
    let head = await ledgerHeads.read(tenantId);
    for (;;) {
      const check = new LedgerCheck({ tenantId, keys, head, mark });
      for await (const entry of ledger.entries(tenantId)) {
        await check.add(entry);
        onEntry();
      }
      const verdict = check.verdict();
      const begun = head === undefined ? await ledgerHeads.read(tenantId) : undefined;
      if (begun === undefined) {
        return verdict;
      }
      head = begun;
    }
  }

  async #halt(tenantId: string, { problems, acknowledged }: LedgerVerdict): Promise<void> {
    const { appendToLedger, accounts, nameAttention, clock } = this.#dependencies;
    const [first] = problems;
    // Entries under an id that no tenant can have come from somebody else's ledger.
    if (first === undefined || acknowledged || !isKey(tenantId)) {
      return;
    }
    const reason = asReason(`entry ${first.seq}: ${first.message}`);
    const correction = { tenantId, key: crypto.randomUUID(), reason, operator: "ledger verify" };
    try {
      await appendToLedger.execute({
        tenantId,
        decide: (last): LedgerDecision<"halted"> => {
          const append = haltSpending(last, { ...correction, now: clock() }, true);
          return append === undefined ? { decline: "halted" } : { append };
        },
      });
    } catch (error) {
      if (!(error instanceof UnreadableLedgerError)) {
        throw error;
      }
      // Spending reads the last entry, too, and is refused.
    }
    const since = clock();
    const item = attentionItem("ledger_damaged", { tenantId, subject: "ledger", since, reason });
    const revision = (await accounts.find(tenantId))?.revision ?? 0;
    await nameAttention.execute({ tenantId, revision, found: [item], looked: [] });
  }

  async #mark(): Promise<LedgerHead | undefined> {
    const { ledgerHeads, ledgerKeys } = this.#dependencies;
    const mark = await ledgerHeads.read(MARK);
    if (mark !== undefined && mark.keyId !== null && !ledgerKeys.byId.has(mark.keyId)) {
      throw new PortError(
        `Cannot check the ledgers: they were sealed with key "${mark.keyId}", which LEDGER_KEYS ` +
          "does not have",
        { transient: false },
      );
    }
    return mark;
  }

  /**
   * Sets the mark after all ledgers were checked: from now on, one without a head or a seal is
   * damaged.
   */
  async #setMark(mark: LedgerHead | undefined): Promise<void> {
    const { ledgerHeads, ledgerKeys } = this.#dependencies;
    if (mark === undefined || (mark.keyId === null && ledgerKeys.sealing !== null)) {
      const to = beginningHead(MARK, ledgerKeys.sealing);
      await ledgerHeads.move({ from: mark ?? null, to });
    }
  }
}

/** Cleans a finding for use as a reason, because it may contain what an attacker wrote. */
function asReason(text: string): string {
  return text
    .replaceAll(/\p{Cc}/gu, "?")
    .slice(0, MAX_REASON)
    .toWellFormed();
}

function isNewlySealed({ move }: LedgerVerdict): boolean {
  return move !== null && (move.from === null || move.from.keyId !== move.to.keyId);
}

async function* inPages(
  page: (after: string) => Promise<readonly string[]>,
): AsyncGenerator<string, void, undefined> {
  let after: string | undefined = "";
  while (after !== undefined) {
    const tenants: readonly string[] = await page(after);
    yield* tenants;
    after = tenants.at(-1);
  }
}
