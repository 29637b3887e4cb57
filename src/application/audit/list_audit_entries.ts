import type { AuditEntry } from "../../domain/subscription/account_change.ts";
import type { AuditStore } from "../ports/audit/audit_store.ts";
import type { AccountRecordStore } from "../ports/subscription/account_store.ts";

/** A page of a tenant's audit trail, the last change first. */
export interface AuditPage {
  readonly entries: readonly AuditEntry[];
  /** Where the next page begins: entries before this revision; `null` after the last page. */
  readonly nextBefore: number | null;
}

/** Lists what changed in a tenant's account, when and why (P38). */
export class ListAuditEntries {
  readonly #records: AccountRecordStore;
  readonly #audit: AuditStore;

  constructor(ports: { records: AccountRecordStore; audit: AuditStore }) {
    this.#records = ports.records;
    this.#audit = ports.audit;
  }

  /**
   * Returns a page of the audit trail, the latest change first. Adds the entry of a change whose
   * own was prevented by a crash.
   *
   * @param before only changes that led to an earlier revision
   * @param limit most entries of the page
   * @throws {PortError}
   */
  async execute({
    tenantId,
    before,
    limit,
  }: {
    tenantId: string;
    before?: number | undefined;
    limit: number;
  }): Promise<AuditPage> {
    const lastChange = (await this.#records.find(tenantId))?.lastChange;
    if (lastChange !== undefined) {
      await this.#audit.append({ tenantId, ...lastChange });
    }
    const found = await this.#audit.list(tenantId, { before, limit: limit + 1 });
    const entries = found.slice(0, limit);
    const nextBefore = found.length > limit ? (entries.at(-1)?.revision ?? null) : null;
    return { entries, nextBefore };
  }
}
