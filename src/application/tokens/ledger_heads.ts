import {
  type HeadMove,
  headSealProblem,
  type LedgerHead,
  MARK,
} from "../../domain/tokens/ledger_head.ts";
import type { LedgerKeys } from "../../domain/tokens/ledger_keys.ts";
import { entryProblems } from "../../domain/tokens/token_ledger_check.ts";
import type { FollowHead } from "../ports/tokens/follow_head.ts";
import type { LedgerHeadStore } from "../ports/tokens/ledger_head_store.ts";
import type { TokenLedgerStore } from "../ports/tokens/token_ledger_store.ts";

/** A verification moves a head that lags further behind. */
const MAX_LAG = 100;
/** Attempts while others are faster. */
const MAX_ATTEMPTS = 5;

/**
 * Moves the heads of ledgers after their entries, one move per ledger at a time (P30). A head moves
 * only over entries that continue from the one it names; otherwise it stays as evidence.
 */
export class LedgerHeads {
  readonly #ledger: Pick<TokenLedgerStore, "list">;
  readonly #heads: LedgerHeadStore;
  readonly #keys: LedgerKeys;
  readonly #waiting = new Map<string, HeadMove>();
  readonly #running = new Map<string, Promise<void>>();

  constructor(ports: {
    ledger: Pick<TokenLedgerStore, "list">;
    ledgerHeads: LedgerHeadStore;
    ledgerKeys: LedgerKeys;
  }) {
    this.#ledger = ports.ledger;
    this.#heads = ports.ledgerHeads;
    this.#keys = ports.ledgerKeys;
  }

  /**
   * Moves a head in the background. While one move runs, only the latest of those waiting is kept.
   */
  readonly follow: FollowHead = (move) => {
    const { tenantId } = move.to;
    const { from } = this.#waiting.get(tenantId) ?? move;
    this.#waiting.set(tenantId, { from, to: move.to });
    if (!this.#running.has(tenantId)) {
      this.#running.set(tenantId, this.#run(tenantId));
    }
  };

  /** Resolves when no move is running. */
  async settle(): Promise<void> {
    while (this.#running.size > 0) {
      await Promise.all(this.#running.values());
    }
  }

  async #run(tenantId: string): Promise<void> {
    for (;;) {
      const move = this.#waiting.get(tenantId);
      if (move === undefined) {
        this.#running.delete(tenantId);
        return;
      }
      this.#waiting.delete(tenantId);
      try {
        await this.#move(move);
      } catch {
        // The head lags behind; the next append or verification moves it.
      }
    }
  }

  async #move(move: HeadMove): Promise<void> {
    const { from, to } = move;
    if (from !== null && (await this.#heads.move(move))) {
      return;
    }
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      const head = await this.#heads.read(to.tenantId);
      if ((head !== undefined && head.seq >= to.seq) || !(await this.#mayMove(head, to))) {
        return;
      }
      if (await this.#heads.move({ from: head ?? null, to })) {
        return;
      }
    }
  }

  async #mayMove(head: LedgerHead | undefined, to: LedgerHead): Promise<boolean> {
    if (head !== undefined && headSealProblem(head, this.#keys) !== undefined) {
      return false;
    }
    const start = head?.seq ?? to.seq - 1;
    const limit = to.seq - start + (start > 0 ? 1 : 0);
    if (limit > MAX_LAG) {
      return false;
    }
    const newest = await this.#ledger.list(to.tenantId, { before: to.seq + 1, limit });
    const entries = newest.toReversed();
    const previous = start > 0 ? entries.shift() : undefined;
    if (
      (head !== undefined && (previous?.hash ?? "") !== head.hash) ||
      entries.at(-1)?.hash !== to.hash
    ) {
      return false;
    }
    if (!head?.keyId && !(await this.#mayLackSeal(head, previous?.keyId ?? null))) {
      return false;
    }
    let before = previous;
    for (const entry of entries) {
      const isStripped = entry.keyId === null && Boolean(head?.keyId);
      if (isStripped || (await entryProblems(before, entry, this.#keys)).length > 0) {
        return false;
      }
      before = entry;
    }
    return true;
  }

  /**
   * Whether a head may lack a seal: ledgers of the previous release have none until all are sealed.
   */
  async #mayLackSeal(head: LedgerHead | undefined, keyId: string | null): Promise<boolean> {
    const mark = await this.#heads.read(MARK);
    const isMarked = head === undefined ? mark !== undefined : Boolean(mark?.keyId);
    return keyId === null && !isMarked;
  }
}
