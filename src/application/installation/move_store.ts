import { MARK, sealHead } from "../../domain/tokens/ledger_head.ts";
import type { LedgerEntry } from "../../domain/tokens/token_ledger.ts";
import { isUnreadable } from "../../domain/tokens/token_ledger_check.ts";
import { TOP_UP_MARK } from "../../domain/tokens/top_up.ts";
import { NOTIFICATION_RECORD_KINDS } from "../ports/notifications/notification_records.ts";
import type { MovableStore } from "../ports/store_transfer.ts";
import { UnreadableLedgerError } from "../ports/tokens/token_ledger_store.ts";
import {
  accountsOf,
  attentionOf,
  auditEntriesOf,
  deliveriesOf,
  emailTenantsOf,
  eventsOf,
  type ForEveryStore,
  headsOf,
  ledgerTenantsOf,
  notificationRecordsOf,
  remindersOf,
  topUpsOf,
} from "./store_content.ts";
import { type ContentKind, type StoreCounts, StoreProgress } from "./store_progress.ts";

/** How many records are written at once. */
const PARALLEL_WRITES = 32;

/**
 * Copies everything that a store keeps into another one, as it is: accounts with their revisions,
 * ledgers with their hashes, events and deliveries with their attempts, endpoints with their secrets. What is there already stays as it is, so
 * that a move that was interrupted is completed by the next one; whether the copy is right is
 * found out by `CompareStores`. Nothing else may use either store meanwhile.
 *
 * Not moved, because it is short-lived: the memory of keys that e-mails were counted under, and
 * blocks of e-mails that processes hold. What they counted stays counted.
 */
export class MoveStore {
  readonly #from: MovableStore;
  readonly #to: MovableStore;

  constructor(ports: { from: MovableStore; to: MovableStore }) {
    this.#from = ports.from;
    this.#to = ports.to;
  }

  /**
   * Answers how many records there were, those included that an earlier move had copied.
   *
   * @param onProgress is told about every few hundred records
   * @throws {PortError} when a store fails; the move can be repeated
   */
  async execute({
    onProgress,
  }: {
    onProgress: (kind: ContentKind, count: number) => void;
  }): Promise<StoreCounts> {
    const progress = new StoreProgress(onProgress);
    const [from, to] = [this.#from, this.#to];
    /** In this order: what was sent comes before what tells whom to send. */
    const steps: ForEveryStore<() => Promise<void>> = {
      catalog: () => this.#moveCatalog(progress),
      accounts: () => this.#moveAccounts(progress),
      attention: () =>
        inParallel(attentionOf(from), async (item) => {
          await to.transfer.restoreAttention(item);
          progress.count("attention");
        }),
      ledger: () =>
        inParallel(ledgerTenantsOf(from), (tenantId) => this.#moveLedger(tenantId, progress)),
      ledgerHeads: () => this.#moveHeads(),
      topUps: () => this.#moveTopUps(progress),
      emailUsage: () =>
        inParallel(emailTenantsOf(from), async (tenantId) => {
          await this.#moveUsage(tenantId);
          progress.count("emailUsage");
        }),
      inbox: () =>
        inParallel(eventsOf(from), async (event) => {
          await to.transfer.restoreEvent(event);
          progress.count("events");
        }),
      deliveries: () =>
        inParallel(deliveriesOf(from), async (delivery) => {
          await to.transfer.restoreDelivery(delivery);
          progress.count("deliveries");
        }),
      notificationRecords: () => this.#moveNotificationRecords(progress),
    };
    for (const step of Object.values(steps)) {
      await step();
    }
    return progress.counts;
  }

  #moveAccounts(progress: StoreProgress): Promise<void> {
    return inParallel(accountsOf(this.#from), async (account) => {
      await this.#to.transfer.restoreAccount(account);
      progress.count("accounts");
      for await (const entry of auditEntriesOf(this.#from, account.tenantId)) {
        await this.#to.audit.append(entry);
        progress.count("auditEntries");
      }
    });
  }

  async #moveHeads(): Promise<void> {
    await inParallel(headsOf(this.#from), (head) => this.#to.ledgerHeads.put(head));
    const mark = await this.#from.ledgerHeads.read(MARK);
    if (mark !== undefined) {
      await this.#to.ledgerHeads.put(mark);
    }
  }

  async #moveTopUps(progress: StoreProgress): Promise<void> {
    const mark = await this.#from.topUps.find(TOP_UP_MARK);
    if (mark !== undefined) {
      await this.#to.topUps.save({ ...mark, version: 0 });
    }
    await inParallel(topUpsOf(this.#from), async (topUp) => {
      await this.#to.topUps.save({ ...topUp, version: 0 });
      progress.count("topUps");
    });
  }

  async #moveNotificationRecords(progress: StoreProgress): Promise<void> {
    for (const kind of NOTIFICATION_RECORD_KINDS) {
      await inParallel(notificationRecordsOf(this.#from, kind), async (record) => {
        await this.#to.transfer.restoreNotificationRecord(kind, record);
        progress.count("notificationRecords");
      });
    }
  }

  async #moveCatalog(progress: StoreProgress): Promise<void> {
    const catalog = await this.#from.catalog.read();
    if (catalog !== undefined) {
      await this.#to.transfer.restoreCatalog(catalog);
      progress.count("catalog");
    }
  }

  /**
   * One entry after the other: what there is of a ledger has no gaps, at any moment. Ledgers of the
   * previous release have no head; the copy may come to where all have one.
   */
  async #moveLedger(tenantId: string, progress: StoreProgress): Promise<void> {
    for (const reminder of await remindersOf(this.#from, tenantId)) {
      await this.#to.reservations.keep(reminder);
      progress.count("reservations");
    }
    const last = await this.#to.ledger.last(tenantId);
    let end: LedgerEntry | undefined;
    for await (const entry of this.#from.ledger.entries(tenantId)) {
      if (isUnreadable(entry)) {
        throw new UnreadableLedgerError(tenantId, entry.fault);
      }
      if (entry.seq > (last?.seq ?? 0)) {
        await this.#to.ledger.append(entry);
      }
      end = entry;
      progress.count("ledgerEntries");
    }
    const head = await this.#from.ledgerHeads.read(tenantId);
    if (head === undefined && end?.keyId === null) {
      await this.#to.ledgerHeads.put(sealHead(end, null));
    }
  }

  async #moveUsage(tenantId: string): Promise<void> {
    const months = await this.#from.emailUsage.findMonths(tenantId);
    if (months !== undefined) {
      await this.#to.emailUsage.refresh(tenantId, (there) => there ?? months);
    }
  }
}

/** Does some work for every item, a few at once. */
async function inParallel<T>(
  items: AsyncIterable<T>,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let few: T[] = [];
  for await (const item of items) {
    few.push(item);
    if (few.length === PARALLEL_WRITES) {
      await Promise.all(few.map(work));
      few = [];
    }
  }
  await Promise.all(few.map(work));
}
