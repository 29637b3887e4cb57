import type { LedgerEntry } from "../../domain/tokens/token_ledger.ts";
import { haltSpending } from "../../domain/tokens/token_ledger_adjustment.ts";
import { entryProblems, type LedgerProblem } from "../../domain/tokens/token_ledger_check.ts";
import type { Clock } from "../ports/clock.ts";
import type { TokenLedgerStore } from "../ports/tokens/token_ledger_store.ts";
import type { AppendToLedger, LedgerDecision } from "./append_to_ledger.ts";

const TENANTS_PER_PAGE = 100;
const ENTRIES_PER_PROGRESS = 10_000;

/** How far a check has come. */
export interface VerificationProgress {
  readonly tenantId: string;
  /** Entries of all tenants so far. */
  readonly entries: number;
}

/** A tenant whose ledger is damaged. */
export interface DamagedLedger {
  readonly tenantId: string;
  readonly problems: readonly LedgerProblem[];
  /** Whether an operator has seen all of it and let spending go on. */
  readonly acknowledged: boolean;
}

/** What a check has found. */
export interface LedgerReport {
  readonly tenants: number;
  readonly entries: number;
  readonly damaged: readonly DamagedLedger[];
}

/**
 * Checks that the ledgers are what was once written (P30), and halts the spending of tenants where
 * they are not. Entries are read as a stream; what is kept of them is their keys, one ledger at a
 * time. A ledger whose last entries were removed is a sound, shorter one: only a backup shows it.
 */
export class VerifyLedgers {
  readonly #ledger: TokenLedgerStore;
  readonly #appendToLedger: AppendToLedger;
  readonly #clock: Clock;

  constructor(dependencies: {
    ledger: TokenLedgerStore;
    appendToLedger: AppendToLedger;
    clock: Clock;
  }) {
    this.#ledger = dependencies.ledger;
    this.#appendToLedger = dependencies.appendToLedger;
    this.#clock = dependencies.clock;
  }

  /**
   * Checks one ledger, or all of them.
   *
   * @param onProgress called after every ledger, and within long ones
   * @throws {PortError}
   */
  async execute({
    tenantId,
    onProgress = () => undefined,
  }: {
    tenantId?: string | undefined;
    onProgress?: (progress: VerificationProgress) => void;
  }): Promise<LedgerReport> {
    let tenants = 0;
    let entries = 0;
    const damaged: DamagedLedger[] = [];
    for await (const tenant of this.#tenants(tenantId)) {
      const found = await this.#check(tenant, () => {
        entries += 1;
        if (entries % ENTRIES_PER_PROGRESS === 0) {
          onProgress({ tenantId: tenant, entries });
        }
      });
      tenants += 1;
      if (found !== undefined) {
        damaged.push(found);
      }
      onProgress({ tenantId: tenant, entries });
    }
    return { tenants, entries, damaged };
  }

  async *#tenants(only: string | undefined): AsyncGenerator<string, void, undefined> {
    let page = only === undefined ? await this.#page() : [only];
    while (page.length > 0) {
      yield* page;
      const after = page.at(-1);
      page = only === undefined && after !== undefined ? await this.#page(after) : [];
    }
  }

  #page(after = ""): Promise<readonly string[]> {
    return this.#ledger.tenants({ after, limit: TENANTS_PER_PAGE });
  }

  async #check(tenantId: string, onEntry: () => void): Promise<DamagedLedger | undefined> {
    const problems: LedgerProblem[] = [];
    const keys = new Set<string>();
    let previous: LedgerEntry | undefined;
    let acknowledgedUpTo = 0;
    for await (const entry of this.#ledger.entries(tenantId)) {
      problems.push(...(await entryProblems(previous, entry)));
      if (keys.has(entry.key)) {
        problems.push({ seq: entry.seq, message: "its key is that of an earlier entry" });
      }
      keys.add(entry.key);
      acknowledgedUpTo = previous?.halted && !entry.halted ? entry.seq : acknowledgedUpTo;
      previous = entry;
      onEntry();
    }
    const [first] = problems.filter(({ seq }) => seq > acknowledgedUpTo);
    if (first !== undefined) {
      await this.#halt(tenantId, first);
    }
    return problems.length === 0
      ? undefined
      : { tenantId, problems, acknowledged: first === undefined };
  }

  async #halt(tenantId: string, { seq, message }: LedgerProblem): Promise<void> {
    const reason = `entry ${seq}: ${message}`;
    const correction = { tenantId, key: crypto.randomUUID(), reason, operator: "ledger verify" };
    await this.#appendToLedger.execute({
      tenantId,
      decide: (last): LedgerDecision<"halted"> => {
        const append = haltSpending(last, { ...correction, now: this.#clock() }, true);
        return append === undefined ? { decline: "halted" } : { append };
      },
    });
  }
}
