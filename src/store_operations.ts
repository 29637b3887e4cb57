import { openSqliteStore } from "./adapters/sqlite/open_sqlite_store.ts";
import { CompareStores } from "./application/compare_stores.ts";
import { MoveStore } from "./application/move_store.ts";
import type { MovableStore } from "./application/ports/store_transfer.ts";
import type { ContentKind, StoreCounts } from "./application/store_progress.ts";
import type { Config } from "./config.ts";
import { openMongodb } from "./service.ts";

/** A database that billing can be kept in. */
export type StoreKind = "sqlite" | "mongodb";

/** What operations tell the operator. */
export interface OperationReport {
  /** Whether all is well. */
  readonly ok: boolean;
  /** Lines to print. */
  readonly lines: readonly string[];
}

/**
 * Creates the indexes of MongoDB that are missing, or only compares them.
 *
 * @throws when MongoDB is not set or cannot be reached
 */
export async function operateIndexes(
  config: Config,
  action: "sync" | "check",
): Promise<OperationReport> {
  const store = await openMongodb(withoutAutoIndex(config));
  try {
    const report = await (action === "sync" ? store.syncIndexes() : store.checkIndexes());
    const lines = [
      ...report.missing.map((name) => `missing    ${name}`),
      ...report.different.map((name) => `different  ${name}`),
    ];
    return lines.length === 0
      ? { ok: true, lines: ["Every index is there"] }
      : { ok: false, lines };
  } finally {
    await store.close();
  }
}

/**
 * Copies one database into the other and compares the two. Can be repeated after an interruption.
 *
 * @param print is given lines about the progress
 * @throws when a database is not set or cannot be reached
 */
export async function migrateStore(
  config: Config,
  { from, to, print }: { from: StoreKind; to: StoreKind; print: (line: string) => void },
): Promise<OperationReport> {
  if (from === to) {
    throw new TypeError("Cannot migrate: --from and --to name the same database");
  }
  const stores: MovableStore[] = [];
  try {
    for (const kind of [from, to]) {
      stores.push(await openMovable(config, kind));
    }
    const [source, target] = stores as [MovableStore, MovableStore];
    const onProgress = (verb: string) => (kind: ContentKind, count: number) =>
      print(`${verb} ${kind}: ${count}`);
    await new MoveStore({ from: source, to: target }).execute({ onProgress: onProgress("copy") });
    const { counts, problems } = await new CompareStores({ from: source, to: target }).execute({
      onProgress: onProgress("compare"),
    });
    return problems.length === 0
      ? { ok: true, lines: [`The copy is complete: ${describeCounts(counts)}`] }
      : { ok: false, lines: problems };
  } finally {
    await Promise.all(stores.map((store) => store.close()));
  }
}

/** The copy is only right with its indexes, so that they are made where they are missing. */
async function openMovable(config: Config, kind: StoreKind): Promise<MovableStore> {
  if (kind === "sqlite") {
    return openSqliteStore(config.sqlitePath);
  }
  const store = await openMongodb(withoutAutoIndex(config));
  await store.syncIndexes();
  return store;
}

function withoutAutoIndex({ mongodb, ...config }: Config): Config {
  return { ...config, mongodb: mongodb && { ...mongodb, autoIndex: false } };
}

function describeCounts(counts: StoreCounts): string {
  return Object.entries(counts)
    .map(([kind, count]) => `${count} ${kind}`)
    .join(", ");
}
