import { type AuditStore, type NotificationRecords, PortError } from "@mailingcore/billing";
import type { ContractSubject } from "@mailingcore/billing/testing";

/** An adapter of a host's own: an audit trail in a `Map`. */
export class MapAuditStore implements AuditStore {
  readonly #entries = new Map<string, Parameters<AuditStore["append"]>[0]>();
  isReachable = true;

  async append(entry: Parameters<AuditStore["append"]>[0]): Promise<"appended" | "exists"> {
    this.#reach();
    const key = `${entry.revision} ${entry.tenantId}`;
    if (this.#entries.has(key)) {
      return "exists";
    }
    this.#entries.set(key, structuredClone(entry));
    return "appended";
  }

  async list(tenantId: string, { before = Infinity, limit }: { before?: number; limit: number }) {
    this.#reach();
    return [...this.#entries.values()]
      .filter((entry) => entry.tenantId === tenantId && entry.revision < before)
      .toSorted((one, other) => other.revision - one.revision)
      .slice(0, limit);
  }

  #reach(): void {
    if (!this.isReachable) {
      throw new PortError("Cannot use the trail: it is closed", { transient: true });
    }
  }
}

/** The same for small records, with a version each. */
export class MapNotificationRecords implements NotificationRecords {
  readonly #records = new Map<string, { id: string; version: number; content: string }>();
  isReachable = true;

  async find(kind: string, id: string) {
    this.#reach();
    const found = this.#records.get(`${kind} ${id}`);
    return found && { ...found };
  }

  async save(kind: string, record: { id: string; version: number; content: string }) {
    this.#reach();
    const key = `${kind} ${record.id}`;
    if ((this.#records.get(key)?.version ?? 0) !== record.version) {
      return false;
    }
    this.#records.set(key, { ...record, version: record.version + 1 });
    return true;
  }

  #reach(): void {
    if (!this.isReachable) {
      throw new PortError("Cannot use the records: they are closed", { transient: true });
    }
  }
}

/** A store for a contract suite, and one that cannot be reached. */
export function mapSubject<Store extends { isReachable: boolean }>(
  make: () => Store,
): () => Promise<ContractSubject<Store>> {
  return async () => {
    const unreachable = make();
    unreachable.isReachable = false;
    return { store: make(), unreachable, close: async () => undefined };
  };
}
