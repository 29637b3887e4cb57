import type {
  AccountRecordStore,
  ListedAccount,
  TenantPage,
} from "../../application/ports/subscription/account_store.ts";
import type { AccountRecord } from "../../domain/subscription/billing_account.ts";
import { type AccountRow, accountColumns, accountOfRow } from "./account_row.ts";
import type { SqliteDatabase, SqliteStatement } from "./sqlite_database.ts";
import { violatedIndex } from "./sqlite_failure.ts";

const SELECT = `SELECT tenant_id AS tenantId, revision, customer_id AS customerId, subscription,
  standing, known_since AS knownSince, looked_at AS lookedAt, seen,
  in_force AS inForce, ended_duplicates AS endedDuplicates, checkout, ending, last_change AS lastChange FROM accounts`;

const CATALOG_REVISION = "(SELECT revision FROM catalog WHERE id = 1) AS catalogRevision";
/** Whoever reads an account needs the catalogue next, and asks only whether it is still the same. */
const WITH_CATALOG = SELECT.replace(" FROM accounts", `, ${CATALOG_REVISION} FROM accounts`);

/** The SQL of {@link SqliteAccountStore}. */
export const ACCOUNT_SQL = {
  find: `${WITH_CATALOG} WHERE tenant_id = :tenantId`,
  /** Answers a row where the account is still at a revision. */
  isAt: `SELECT ${CATALOG_REVISION} FROM accounts
    WHERE tenant_id = :tenantId AND revision = :revision`,
  findByCustomer: `${WITH_CATALOG} WHERE customer_id = :customerId`,
  insert: `INSERT INTO accounts
      (tenant_id, revision, customer_id, subscription, standing, known_since, looked_at, seen,
      in_force, ended_duplicates, checkout, ending, last_change)
    VALUES (:tenantId, 1, :customerId, :subscription, :standing, :knownSince, :lookedAt, :seen,
      :inForce, :endedDuplicates, :checkout, :ending, :lastChange)`,
  update: `UPDATE accounts SET revision = revision + 1, customer_id = :customerId,
      subscription = :subscription, standing = :standing,
      known_since = :knownSince, looked_at = :lookedAt, seen = :seen, in_force = :inForce,
      ended_duplicates = :endedDuplicates,
      checkout = :checkout, ending = :ending, last_change = :lastChange
    WHERE tenant_id = :tenantId AND revision = :revision`,
  list: `${SELECT} WHERE tenant_id > :after ORDER BY tenant_id LIMIT :limit`,
} as const;

type CatalogRow = { readonly catalogRevision: number | null };
type FoundRow = AccountRow & CatalogRow;

const TENANT_INDEX = "accounts.tenant_id";
const CUSTOMER_INDEX = "accounts.customer_id";

/** Keeps the billing accounts in SQLite, one row each. */
export class SqliteAccountStore implements AccountRecordStore {
  readonly #database: SqliteDatabase;
  readonly #noteCatalog: (revision: number | null) => void;
  readonly #find: SqliteStatement<FoundRow>;
  readonly #isAt: SqliteStatement<CatalogRow>;
  readonly #findByCustomer: SqliteStatement<FoundRow>;
  readonly #insert: SqliteStatement<never>;
  readonly #update: SqliteStatement<never>;
  readonly #list: SqliteStatement<AccountRow>;

  /** @param noteCatalog told the catalogue's revision with every account that is read */
  constructor(database: SqliteDatabase, noteCatalog: (revision: number | null) => void) {
    this.#database = database;
    this.#noteCatalog = noteCatalog;
    this.#find = database.prepare(ACCOUNT_SQL.find);
    this.#isAt = database.prepare(ACCOUNT_SQL.isAt);
    this.#findByCustomer = database.prepare(ACCOUNT_SQL.findByCustomer);
    this.#insert = database.prepare(ACCOUNT_SQL.insert);
    this.#update = database.prepare(ACCOUNT_SQL.update);
    this.#list = database.prepare(ACCOUNT_SQL.list);
  }

  /** {@inheritDoc} */
  find(tenantId: string, known?: AccountRecord): Promise<AccountRecord | undefined> {
    return this.#database.read("read the account", () => {
      const { revision = 0 } = known ?? {};
      const same = revision > 0 ? this.#isAt.first({ tenantId, revision }) : undefined;
      if (same === undefined) {
        return this.#noted(this.#find.first({ tenantId }));
      }
      this.#noteCatalog(same.catalogRevision);
      return known;
    });
  }

  /** {@inheritDoc} */
  findByCustomer(customerId: string): Promise<AccountRecord | undefined> {
    return this.#database.read("read the account of a customer", () => {
      return this.#noted(this.#findByCustomer.first({ customerId }));
    });
  }

  /** {@inheritDoc} */
  save(account: AccountRecord): Promise<"saved" | "conflict" | "customer_taken"> {
    return this.#database.write("save the account", () => {
      try {
        return this.#write(account) === 1 ? "saved" : "conflict";
      } catch (error) {
        switch (violatedIndex(error)) {
          case TENANT_INDEX:
            return "conflict";
          case CUSTOMER_INDEX:
            return account.revision === 0 && this.#isStored(account)
              ? "conflict"
              : "customer_taken";
          default:
            throw error;
        }
      }
    });
  }

  /** {@inheritDoc} */
  list({ after = "", limit }: TenantPage): Promise<readonly ListedAccount[]> {
    return this.#database.read("list the accounts", () =>
      this.#list.all({ after, limit }).map(listedAccount),
    );
  }

  #noted(row: FoundRow | undefined): AccountRecord | undefined {
    if (row === undefined) {
      return undefined;
    }
    this.#noteCatalog(row.catalogRevision);
    return accountOfRow(row);
  }

  #isStored({ tenantId }: AccountRecord): boolean {
    return this.#find.first({ tenantId }) !== undefined;
  }

  #write(account: AccountRecord): number {
    const { tenantId, revision } = account;
    return revision === 0
      ? this.#insert.write({ tenantId, ...accountColumns(account) })
      : this.#update.write({ tenantId, revision, ...accountColumns(account) });
  }
}

function listedAccount(row: AccountRow): ListedAccount {
  try {
    return accountOfRow(row);
  } catch (error) {
    const fault = error instanceof Error ? error.message : String(error);
    return { tenantId: row.tenantId, fault };
  }
}
