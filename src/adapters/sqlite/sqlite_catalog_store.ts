import { setImmediate } from "node:timers";
import type { CatalogStore } from "../../application/ports/catalog/catalog_store.ts";
import type { Catalog } from "../../domain/catalog/catalog.ts";
import { countableLimits } from "../../domain/catalog/plan_limits.ts";
import type { SqliteDatabase, SqliteStatement } from "./sqlite_database.ts";
import { violatedIndex } from "./sqlite_failure.ts";

/** The SQL of {@link SqliteCatalogStore}. */
export const CATALOG_SQL = {
  read: "SELECT revision, content FROM catalog WHERE id = 1",
  insert: "INSERT INTO catalog (id, revision, content) VALUES (1, 1, :content)",
  update: `UPDATE catalog SET revision = revision + 1, content = :content
    WHERE id = 1 AND revision = :revision`,
} as const;

const CATALOG_INDEX = "catalog.id";

type CatalogContent = Omit<Catalog, "revision">;

/**
 * Keeps the catalogue in SQLite, in one row. Another process may change it at any time, so each read
 * asks for its text, unless its revision was noted in the same turn of the event loop; it is parsed
 * only if it differs from the last one.
 */
export class SqliteCatalogStore implements CatalogStore {
  readonly #database: SqliteDatabase;
  readonly #read: SqliteStatement<{ readonly revision: number; readonly content: string }>;
  readonly #insert: SqliteStatement<never>;
  readonly #update: SqliteStatement<never>;
  #parsed: { readonly text: string; readonly catalog: Catalog } | undefined;
  #noted: number | null = null;

  constructor(database: SqliteDatabase) {
    this.#database = database;
    this.#read = database.prepare(CATALOG_SQL.read);
    this.#insert = database.prepare(CATALOG_SQL.insert);
    this.#update = database.prepare(CATALOG_SQL.update);
  }

  /** {@inheritDoc} */
  read(): Promise<Catalog | undefined> {
    return this.#database.read("read the catalogue", () => {
      const known = this.#parsed?.catalog;
      if (known !== undefined && known.revision === this.#noted) {
        return known;
      }
      const row = this.#read.first({});
      return row && this.#parse(row.content, row.revision);
    });
  }

  /** Takes note of the stored catalogue's revision, as it is in this turn of the event loop. */
  note(revision: number | null): void {
    if (this.#noted === null) {
      setImmediate(() => {
        this.#noted = null;
      });
    }
    this.#noted = revision;
  }

  #parse(text: string, revision: number): Catalog {
    if (this.#parsed?.text !== text || this.#parsed.catalog.revision !== revision) {
      this.#parsed = { text, catalog: { ...decodeContent(text), revision } };
    }
    return this.#parsed.catalog;
  }

  /** {@inheritDoc} */
  save({ revision, ...content }: Catalog): Promise<"saved" | "conflict"> {
    return this.#database.write("save the catalogue", () => {
      this.#noted = null;
      try {
        return this.#write(revision, JSON.stringify(content)) === 1 ? "saved" : "conflict";
      } catch (error) {
        if (violatedIndex(error) === CATALOG_INDEX) {
          return "conflict";
        }
        throw error;
      }
    });
  }

  #write(revision: number, content: string): number {
    return revision === 0
      ? this.#insert.write({ content })
      : this.#update.write({ revision, content });
  }
}

/**
 * Reads the catalogue; earlier releases stored no packs, fewer limits, and a single Portal
 * configuration.
 */
function decodeContent(text: string): CatalogContent {
  const content: CatalogContent = { packs: [], ...JSON.parse(text) };
  const plans = content.plans.map((plan) => ({
    ...plan,
    ...countableLimits((field) => plan[field] ?? null),
  }));
  const { planChangeConfigurationId = content.portalConfigurationId } = content;
  return { ...content, plans, planChangeConfigurationId };
}
