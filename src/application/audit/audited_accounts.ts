import type { FieldChange } from "../../domain/catalog/field_change.ts";
import type { AccountChange } from "../../domain/subscription/account_change.ts";
import {
  type AccountRecord,
  type BillingAccount,
  newAccount,
} from "../../domain/subscription/billing_account.ts";
import { changedFields } from "../../domain/subscription/changed_fields.ts";
import type { AuditStore } from "../ports/audit/audit_store.ts";
import type { CauseScope } from "../ports/audit/cause_scope.ts";
import type { NoteChange } from "../ports/audit/note_change.ts";
import type { Clock } from "../ports/clock.ts";
import type { Announce } from "../ports/notifications/announce.ts";
import { PortError } from "../ports/port_error.ts";
import type { AccountRecordStore, AccountStore } from "../ports/subscription/account_store.ts";
import { Recent } from "../recent.ts";
import { updateAccount } from "../subscription/update_account.ts";

/** How many of the accounts that were read last are remembered. */
const MOST_REMEMBERED = 1_000;

/** An account as it is stored, and as it is given out: without its last change. */
interface Remembered {
  readonly record: AccountRecord;
  readonly account: BillingAccount;
}

/**
 * An account store whose every change leaves an entry in the audit trail (P38), whichever use case
 * makes it. See `AuditStore` for the order of the steps. Remembers what was read or saved last: what a
 * revision contains never changes, so it is asked for and not read again.
 */
export class AuditedAccounts implements AccountStore {
  readonly #accounts: AccountRecordStore;
  readonly #audit: AuditStore;
  readonly #causes: CauseScope;
  readonly #clock: Clock;
  readonly #announce: Announce;
  readonly #remembered = new Recent<string, Remembered>(MOST_REMEMBERED);

  constructor(ports: {
    accounts: AccountRecordStore;
    audit: AuditStore;
    causes: CauseScope;
    clock: Clock;
    announce?: Announce;
  }) {
    this.#accounts = ports.accounts;
    this.#audit = ports.audit;
    this.#causes = ports.causes;
    this.#clock = ports.clock;
    this.#announce = ports.announce ?? (() => undefined);
  }

  /** {@inheritDoc} */
  async find(tenantId: string): Promise<BillingAccount | undefined> {
    const known = this.#remembered.get(tenantId)?.record;
    return this.#remember(await this.#accounts.find(tenantId, known));
  }

  /** {@inheritDoc} */
  async findByCustomer(customerId: string): Promise<BillingAccount | undefined> {
    return this.#remember(await this.#accounts.findByCustomer(customerId));
  }

  /** {@inheritDoc} */
  async save(account: BillingAccount): Promise<"saved" | "conflict" | "customer_taken"> {
    const { tenantId, revision } = account;
    const before = await this.#at(tenantId, revision);
    if (before === undefined) {
      return "conflict";
    }
    const fields = changedFields(before, account);
    return fields.length === 0
      ? await this.#save(withChange(account, before.lastChange))
      : await this.#saveChange(before, account, fields);
  }

  /**
   * Leaves an entry about something that was changed for the tenant, but not in its account: it
   * rides on a save that changes nothing else. See `NoteChange`.
   *
   * @throws {PortError}
   */
  async note({ tenantId, fields }: Parameters<NoteChange>[0]): Promise<void> {
    const noting = {
      find: (tenant: string) => this.#accounts.find(tenant),
      save: (account: AccountRecord) => this.#saveChange(account, account, fields),
    };
    await updateAccount(noting, tenantId, (account) => account);
  }

  /** The account at this revision; `undefined` if it is at another one. */
  async #at(tenantId: string, revision: number): Promise<AccountRecord | undefined> {
    const remembered = this.#remembered.get(tenantId)?.record;
    if (remembered?.revision === revision) {
      return remembered;
    }
    const found = (await this.#accounts.find(tenantId)) ?? newAccount(tenantId);
    return found.revision === revision ? found : undefined;
  }

  #remember(record: AccountRecord | undefined): BillingAccount | undefined {
    if (record === undefined) {
      return undefined;
    }
    const known = this.#remembered.get(record.tenantId);
    const remembered = known?.record === record ? known : { record, account: accountOf(record) };
    this.#remembered.set(record.tenantId, remembered);
    return remembered.account;
  }

  async #save(record: AccountRecord): Promise<"saved" | "conflict" | "customer_taken"> {
    const outcome = await this.#accounts.save(record);
    if (outcome === "saved") {
      this.#remember({ ...record, revision: record.revision + 1 });
    }
    return outcome;
  }

  async #saveChange(
    before: AccountRecord,
    account: BillingAccount,
    fields: readonly FieldChange[],
  ): Promise<"saved" | "conflict" | "customer_taken"> {
    const { tenantId, revision } = account;
    if (before.lastChange !== undefined) {
      await this.#audit.append({ tenantId, ...before.lastChange });
    }
    const change = this.#describe(revision + 1, fields);
    const outcome = await this.#save(withChange(account, change));
    if (outcome === "saved") {
      await this.#appendOrLeave(tenantId, change);
      this.#announce({ tenantId });
    }
    return outcome;
  }

  #describe(revision: number, fields: readonly FieldChange[]): AccountChange {
    return { revision, at: this.#clock(), cause: this.#causes.current(), fields };
  }

  /**
   * Never throws: the change is saved, and its entry stays with the account until it can be
   * written.
   */
  async #appendOrLeave(tenantId: string, change: AccountChange): Promise<void> {
    try {
      await this.#audit.append({ tenantId, ...change });
    } catch (error) {
      if (!(error instanceof PortError)) {
        throw error;
      }
    }
  }
}

function accountOf({ lastChange: _, ...account }: AccountRecord): BillingAccount {
  return account;
}

function withChange(account: BillingAccount, lastChange: AccountChange | undefined): AccountRecord {
  return lastChange === undefined ? account : { ...account, lastChange };
}
