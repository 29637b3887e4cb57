import { sameValue } from "../../domain/same_value.ts";
import type { AuditEntry } from "../../domain/subscription/account_change.ts";
import { MARK } from "../../domain/tokens/ledger_head.ts";
import type { LedgerKeys } from "../../domain/tokens/ledger_keys.ts";
import { entryProblems, type FoundEntry } from "../../domain/tokens/token_ledger_check.ts";
import type { TopUp } from "../../domain/tokens/top_up.ts";
import type { InboxEvent } from "../ports/events/event_inbox.ts";
import { NOTIFICATION_RECORD_KINDS } from "../ports/notifications/notification_records.ts";
import { type MovableStore, restoredEvent } from "../ports/store_transfer.ts";
import {
  accountsOf,
  attentionOf,
  auditEntriesOf,
  deliveriesOf,
  emailTenantsOf,
  eventsOf,
  type ForEveryStore,
  ledgerTenantsOf,
  notificationRecordsOf,
  remindersOf,
  topUpsOf,
} from "./store_content.ts";
import { difference, type Name, pairs } from "./store_differences.ts";
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
    const steps: ForEveryStore<() => AsyncGenerator<string>> = {
      catalog: () => this.#catalogDifferences(progress),
      accounts: () => this.#accountDifferences(progress),
      attention: () =>
        this.#each("attention", attentionOf, { progress, what: "Attention item", name: idOf }),
      ledger: () => this.#ledgersDifferences(progress),
      ledgerHeads: () => this.#markDifferences(),
      topUps: () =>
        this.#each("topUps", (store) => withoutVersion(topUpsOf(store)), {
          progress,
          what: "Top-up of",
          name: ({ tenantId }) => tenantId,
        }),
      emailUsage: () => this.#usageDifferences(progress),
      inbox: () =>
        this.#each(
          "events",
          (store) => (store === this.#from ? restored(eventsOf(store)) : eventsOf(store)),
          {
            progress,
            what: "Event",
            name: ({ event }) => event.id,
          },
        ),
      deliveries: () =>
        this.#each("deliveries", deliveriesOf, { progress, what: "Delivery", name: idOf }),
      notificationRecords: () => this.#notificationDifferences(progress),
    };
    for (const step of Object.values(steps)) {
      yield* step();
    }
  }

  /** Compares two lists of records, each of which has a name. */
  async *#each<T>(
    kind: ContentKind,
    list: (store: MovableStore) => AsyncIterable<T>,
    told: { progress: StoreProgress; what: string; name: (record: T) => Name },
  ): AsyncGenerator<string> {
    const { progress, what, name } = told;
    for await (const [one, other] of pairs(list(this.#from), list(this.#to))) {
      progress.count(kind);
      const [ours, theirs] = [one && name(one), other && name(other)];
      yield* difference(what, ours, theirs, sameValue(one, other));
    }
  }

  async *#catalogDifferences(progress: StoreProgress): AsyncGenerator<string> {
    const catalog = await this.#from.catalog.read();
    if (catalog !== undefined) {
      progress.count("catalog");
    }
    if (!sameValue(catalog, await this.#to.catalog.read())) {
      yield "The catalogue is not the same";
    }
  }

  async *#accountDifferences(progress: StoreProgress): AsyncGenerator<string> {
    for await (const [one, other] of pairs(accountsOf(this.#from), accountsOf(this.#to))) {
      progress.count("accounts");
      yield* difference("Account of", one?.tenantId, other?.tenantId, sameValue(one, other));
      if (one !== undefined && one.tenantId === other?.tenantId) {
        const { tenantId } = one;
        const what = `Audit trail of ${tenantId}, revision`;
        const name = ({ revision }: AuditEntry) => revision;
        const trail = (store: MovableStore) => auditEntriesOf(store, tenantId);
        yield* this.#each("auditEntries", trail, { progress, what, name });
      }
    }
  }

  async *#ledgersDifferences(progress: StoreProgress): AsyncGenerator<string> {
    const tenants = pairs(ledgerTenantsOf(this.#from), ledgerTenantsOf(this.#to));
    for await (const [one, other] of tenants) {
      yield* difference("Ledger of", one, other, true);
      if (one !== undefined && one === other) {
        yield* this.#ledgerDifferences(one, progress);
      }
    }
  }

  /** The heads themselves are compared with their ledgers. A copy may be where all have one. */
  async *#markDifferences(): AsyncGenerator<string> {
    const mark = await this.#from.ledgerHeads.read(MARK);
    if (mark !== undefined && !sameValue(mark, await this.#to.ledgerHeads.read(MARK))) {
      yield "The mark of the ledgers' heads is not the same";
    }
  }

  async *#usageDifferences(progress: StoreProgress): AsyncGenerator<string> {
    const [from, to] = [this.#from, this.#to];
    for await (const [one, other] of pairs(emailTenantsOf(from), emailTenantsOf(to))) {
      progress.count("emailUsage");
      const same =
        one !== other ||
        one === undefined ||
        sameValue(await from.emailUsage.findMonths(one), await to.emailUsage.findMonths(one));
      yield* difference("E-mail usage of", one, other, same);
    }
  }

  async *#notificationDifferences(progress: StoreProgress): AsyncGenerator<string> {
    for (const kind of NOTIFICATION_RECORD_KINDS) {
      const list = (store: MovableStore) => notificationRecordsOf(store, kind);
      const what = `Notification record "${kind}" of`;
      yield* this.#each("notificationRecords", list, { progress, what, name: idOf });
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

function idOf({ id }: { readonly id: string }): Name {
  return id;
}

async function* withoutVersion(topUps: AsyncIterable<TopUp>): AsyncGenerator<TopUp> {
  for await (const topUp of topUps) {
    yield { ...topUp, version: 0 };
  }
}

async function* restored(events: AsyncIterable<InboxEvent>): AsyncGenerator<InboxEvent> {
  for await (const event of events) {
    yield restoredEvent(event);
  }
}

function nameOf(entry: FoundEntry | undefined): Name {
  return entry && (entry.seq ?? "without a number");
}
