import {
  type HeadMove,
  headSealProblem,
  type LedgerHead,
  sealHead,
} from "../../domain/tokens/ledger_head.ts";
import type { LedgerKeys } from "../../domain/tokens/ledger_keys.ts";
import type { LedgerEntry } from "../../domain/tokens/token_ledger.ts";
import {
  entryProblems,
  type FoundEntry,
  isUnreadable,
  type LedgerProblem,
} from "../../domain/tokens/token_ledger_check.ts";

/** The most problems to list; more would help nobody. */
const MAX_PROBLEMS = 1_000;

/** The result of checking a whole ledger. */
export interface LedgerVerdict {
  /** The first thousand, in the order of discovery. */
  readonly problems: readonly LedgerProblem[];
  /** How many more there are. */
  readonly more: number;
  /**
   * Whether an operator has let spending continue after all of them. That renewed the head, so a
   * fault of the head is always new.
   */
  readonly acknowledged: boolean;
  /** How the head moves; `null` if it stays, or something is wrong. */
  readonly move: HeadMove | null;
}

/** What to compare a ledger with. */
export interface LedgerCheckOptions {
  readonly tenantId: string;
  readonly keys: LedgerKeys;
  /** The head before the entries were read: it names no later entry. */
  readonly head: LedgerHead | undefined;
  /** The mark that all ledgers have heads, if it is set. */
  readonly mark: LedgerHead | undefined;
}

/**
 * Checks a ledger entry by entry, in the order of their numbers (P30). Keeps little more than their
 * keys in memory, and never stops at a fault.
 */
export class LedgerCheck {
  readonly #options: LedgerCheckOptions;
  readonly #problems: LedgerProblem[] = [];
  readonly #keys = new Set<string>();
  #more = 0;
  #lastProblemAt = Number.NEGATIVE_INFINITY;
  #acknowledgedUpTo = Number.NEGATIVE_INFINITY;
  #isPreviousSound = true;
  #previous: FoundEntry | undefined;
  /** The last numbered entry, and the one that the head names. */
  #end: FoundEntry | undefined;
  #named: FoundEntry | undefined;

  constructor(options: LedgerCheckOptions) {
    this.#options = options;
  }

  /** Checks the next entry. */
  async add(entry: FoundEntry): Promise<void> {
    const { keys, head } = this.#options;
    const found = await entryProblems(this.#previous, entry, keys);
    this.#note(found);
    if (!isUnreadable(entry)) {
      this.#checkKey(entry);
      this.#checkSeal(entry);
      this.#acknowledge(entry, found.length === 0);
    }
    this.#isPreviousSound = found.length === 0;
    if (entry.seq !== null) {
      this.#end = entry;
      this.#named = entry.seq === head?.seq ? entry : this.#named;
    }
    this.#previous = entry.seq === null ? this.#previous : entry;
  }

  /** Returns the result after all entries were added. */
  verdict(): LedgerVerdict {
    const headFound = this.#headProblem();
    this.#note(headFound === undefined ? [] : [headFound]);
    const isSound = this.#problems.length === 0;
    return {
      problems: this.#problems,
      more: this.#more,
      acknowledged: headFound === undefined && this.#lastProblemAt <= this.#acknowledgedUpTo,
      move: isSound ? this.#move() : null,
    };
  }

  #note(found: readonly LedgerProblem[]): void {
    for (const problem of found) {
      this.#lastProblemAt = Math.max(this.#lastProblemAt, problem.seq);
      if (this.#problems.length < MAX_PROBLEMS) {
        this.#problems.push(problem);
      } else {
        this.#more += 1;
      }
    }
  }

  #checkKey({ seq, key }: LedgerEntry): void {
    if (this.#keys.has(key)) {
      this.#note([{ seq, message: "its key is that of an earlier entry" }]);
    }
    this.#keys.add(key);
  }

  /** Checks the seal: after a sealed head, every entry has one. */
  #checkSeal({ seq, keyId }: LedgerEntry): void {
    const { head } = this.#options;
    if (keyId === null && head !== undefined && head.keyId !== null && seq > head.seq) {
      this.#note([{ seq, message: "it has no seal, but the head before it has one" }]);
    }
  }

  /** Accepts an operator's acknowledgement only from an entry that still matches its seal. */
  #acknowledge(entry: LedgerEntry, isSound: boolean): void {
    const previous = this.#previous;
    const wasHalted = previous !== undefined && !isUnreadable(previous) && previous.halted;
    if (isSound && this.#isPreviousSound && wasHalted && !entry.halted) {
      this.#acknowledgedUpTo = entry.seq;
    }
  }

  #headProblem(): LedgerProblem | undefined {
    const { head, keys, mark } = this.#options;
    const end = this.#end?.seq ?? 0;
    if (head === undefined) {
      const mayLack = this.#end === undefined || (mark === undefined && isPlain(this.#end));
      return mayLack
        ? undefined
        : { seq: end, message: "its head is missing: entries after it may have been removed" };
    }
    const seal = headSealProblem(head, keys);
    if (seal !== undefined) {
      return { seq: end, message: seal };
    }
    if (head.seq > end) {
      const others = head.seq === end + 1 ? "" : `, and all up to ${head.seq}`;
      return { seq: end + 1, message: `it was removed${others}` };
    }
    if (head.keyId === null && (isSealed(mark) || !(head.seq === 0 || isPlain(this.#named)))) {
      return { seq: end, message: "its head has no seal, but it or all heads had one" };
    }
    const named = this.#named;
    return named === undefined || isUnreadable(named) || named.hash === head.hash
      ? undefined
      : { seq: head.seq, message: "it is not the entry that the head names" };
  }

  /** Moves a head that lags behind, or has no seal yet, to the last entry. */
  #move(): HeadMove | null {
    const { head, keys, tenantId } = this.#options;
    const end = this.#end;
    if (end === undefined || isUnreadable(end)) {
      return null;
    }
    const isCurrent = head?.seq === end.seq && (head.keyId !== null || keys.sealing === null);
    return isCurrent
      ? null
      : { from: head ?? null, to: sealHead({ ...end, tenantId }, keys.sealing) };
  }
}

function isSealed(head: LedgerHead | undefined): boolean {
  return head !== undefined && head.keyId !== null;
}

function isPlain(entry: FoundEntry | undefined): boolean {
  return entry === undefined || isUnreadable(entry) || entry.keyId === null;
}
