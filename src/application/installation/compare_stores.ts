import type { LedgerKeys } from "../../domain/tokens/ledger_keys.ts";
import { entryProblems, type FoundEntry } from "../../domain/tokens/token_ledger_check.ts";
import { type MovableStore, restoredEvent } from "../ports/store_transfer.ts";
import { sameValue } from "./same_value.ts";
import {
  accountsOf,
  attentionOf,
  auditEntriesOf,
  emailTenantsOf,
  eventsOf,
  ledgerTenantsOf,
  remindersOf,
  topUpsOf,
} from "./store_content.ts";
import { type ContentKind, type StoreCounts, StoreProgress } from "./store_progress.ts";

const MAX_PROBLEMS = 100;

/** The result of comparing two stores. */
export interface StoreComparison {
  /** How many records of each kind were compared. */
  readonly counts: StoreCounts;
  /** The first hundred differences and faults, a sentence each; empty if the stores are equal. */
  readonly problems: readonly string[];
}

/**
 * Tells whether a store is a true copy of another one, as `MoveStore` makes it: the same records,
 * field by field, and ledgers whose chains of hashes hold (P30). Changes nothing.
 */
export class CompareStores {
  readonly #from: MovableStore;
  readonly #to: MovableStore;

  readonly #keys: LedgerKeys;

  constructor(ports: { from: MovableStore; to: MovableStore; ledgerKeys: LedgerKeys }) {
    this.#from = ports.from;
    this.#to = ports.to;
    this.#keys = ports.ledgerKeys;
  }

  /**
   * @param onProgress is told about every few hundred records
   * @throws {PortError} when a store fails
   */
  async execute({
    onProgress,
  }: {
    onProgress: (kind: ContentKind, count: number) => void;
  }): Promise<StoreComparison> {
    const progress = new StoreProgress(onProgress);
    const problems = this.#differences(progress);
    const found: string[] = [];
    for await (const problem of problems) {
      found.push(problem);
      if (found.length === MAX_PROBLEMS) {
        break;
      }
    }
    return { counts: progress.counts, problems: found };
  }

  async *#differences(progress: StoreProgress): AsyncGenerator<string> {
    const [from, to] = [this.#from, this.#to];
    const catalog = await from.catalog.read();
    if (catalog !== undefined) {
      progress.count("catalog");
    }
    if (!sameValue(catalog, await to.catalog.read())) {
      yield "The catalogue is not the same";
    }
    for await (const [one, other] of pairs(accountsOf(from), accountsOf(to))) {
      progress.count("accounts");
      yield* difference("Account of", one?.tenantId, other?.tenantId, sameValue(one, other));
      if (one !== undefined && one.tenantId === other?.tenantId) {
        yield* this.#auditDifferences(one.tenantId, progress);
      }
    }
    for await (const [one, other] of pairs(attentionOf(from), attentionOf(to))) {
      progress.count("attention");
      yield* difference("Attention item", one?.id, other?.id, sameValue(one, other));
    }
    for await (const [one, other] of pairs(ledgerTenantsOf(from), ledgerTenantsOf(to))) {
      yield* difference("Ledger of", one, other, true);
      if (one !== undefined && one === other) {
        yield* this.#ledgerDifferences(one, progress);
      }
    }
    for await (const [one, other] of pairs(topUpsOf(from), topUpsOf(to))) {
      progress.count("topUps");
      const same = sameValue(one && { ...one, version: 0 }, other && { ...other, version: 0 });
      yield* difference("Top-up of", one?.tenantId, other?.tenantId, same);
    }
    for await (const [one, other] of pairs(emailTenantsOf(from), emailTenantsOf(to))) {
      progress.count("emailUsage");
      const same =
        one !== other ||
        one === undefined ||
        sameValue(await from.emailUsage.findMonths(one), await to.emailUsage.findMonths(one));
      yield* difference("E-mail usage of", one, other, same);
    }
    for await (const [one, other] of pairs(eventsOf(from), eventsOf(to))) {
      progress.count("events");
      const same = sameValue(one && restoredEvent(one), other);
      yield* difference("Event", one?.event.id, other?.event.id, same);
    }
  }

  async *#auditDifferences(tenantId: string, progress: StoreProgress): AsyncGenerator<string> {
    const [from, to] = [this.#from, this.#to];
    const trails = pairs(auditEntriesOf(from, tenantId), auditEntriesOf(to, tenantId));
    for await (const [one, other] of trails) {
      progress.count("auditEntries");
      const what = `Audit trail of ${tenantId}, revision`;
      yield* difference(what, one?.revision, other?.revision, sameValue(one, other));
    }
  }

  async *#ledgerDifferences(tenantId: string, progress: StoreProgress): AsyncGenerator<string> {
    const reminders = await remindersOf(this.#from, tenantId);
    for (const _ of reminders) {
      progress.count("reservations");
    }
    if (!sameValue(reminders, await remindersOf(this.#to, tenantId))) {
      yield `Reservations of ${tenantId}: they are not the same`;
    }
    const head = await this.#from.ledgerHeads.read(tenantId);
    if (head !== undefined && !sameValue(head, await this.#to.ledgerHeads.read(tenantId))) {
      yield `Ledger of ${tenantId}: its heads are not the same`;
    }
    let previous: FoundEntry | undefined;
    const entries = pairs(this.#from.ledger.entries(tenantId), this.#to.ledger.entries(tenantId));
    for await (const [one, other] of entries) {
      progress.count("ledgerEntries");
      const what = `Ledger of ${tenantId}, entry`;
      yield* difference(what, nameOf(one), nameOf(other), sameValue(one, other));
      for (const { seq, message } of other
        ? await entryProblems(previous, other, this.#keys)
        : []) {
        yield `${what} ${seq}: ${message}`;
      }
      previous = other;
    }
  }
}

function nameOf(entry: FoundEntry | undefined): Name {
  return entry && (entry.seq ?? "without a number");
}

/** Pairs the items of two lists by position, up to the end of the longer one. */
async function* pairs<T>(
  one: AsyncIterable<T>,
  other: AsyncIterable<T>,
): AsyncGenerator<readonly [T | undefined, T | undefined]> {
  const others = other[Symbol.asyncIterator]();
  for await (const item of one) {
    const { done, value } = await others.next();
    yield [item, done ? undefined : value];
  }
  for (let rest = await others.next(); !rest.done; rest = await others.next()) {
    yield [undefined, rest.value];
  }
}

type Name = string | number | undefined;

function* difference(what: string, one: Name, other: Name, same: boolean): Generator<string> {
  if (other === undefined) {
    yield `${what} ${one}: the copy lacks it`;
  } else if (one === undefined) {
    yield `${what} ${other}: only the copy has it`;
  } else if (one !== other) {
    yield `${what} ${one}: the copy has ${other} in its place`;
  } else if (!same) {
    yield `${what} ${one}: it is not the same`;
  }
}
