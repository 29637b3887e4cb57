import { existsSync } from "node:fs";
import {
  countedRecords,
  type IndexReport,
  type MigrationReport,
  type StoreKind,
} from "../adapters/cli/store_commands.ts";
import { openSqliteStore } from "../adapters/sqlite/open_sqlite_store.ts";
import { CompareStores } from "../application/installation/compare_stores.ts";
import { MoveStore } from "../application/installation/move_store.ts";
import type { ContentKind } from "../application/installation/store_progress.ts";
import type { MovableStore } from "../application/ports/store_transfer.ts";
import { ledgerKeys } from "../domain/tokens/ledger_keys.ts";
import { hmacSha256, sha256 } from "../kit/hmac.ts";
import { SettingsError } from "../kit/settings_error.ts";
import { openMongodb } from "./connect_billing.ts";
import { ledgerKeyTexts } from "./ledger_key_texts.ts";
import type { Settings } from "./settings.ts";

/**
 * Creates the indexes of MongoDB that are missing, or only compares them.
 *
 * @throws when MongoDB is not set or cannot be reached
 */
export async function operateIndexes(
  settings: Settings,
  action: "sync" | "check",
): Promise<IndexReport> {
  const store = await openMongodb(withoutAutoIndex(settings));
  try {
    return await (action === "sync" ? store.syncIndexes() : store.checkIndexes());
  } finally {
    await store.close();
  }
}

/**
 * Copies one database into the other and compares the two. Can be repeated after an interruption.
 *
 * @param onProgress is given lines about the progress
 * @throws when a database is not set or cannot be reached
 */
export async function migrateStore(
  settings: Settings,
  { from, to, onProgress }: { from: StoreKind; to: StoreKind; onProgress: (line: string) => void },
): Promise<MigrationReport> {
  if (from === to) {
    throw new TypeError("Cannot migrate: --from and --to name the same database");
  }
  if (from === "sqlite" && !existsSync(settings.sqlitePath)) {
    throw new SettingsError([`SQLITE_PATH names no database: there is no ${settings.sqlitePath}`]);
  }
  const stores: MovableStore[] = [];
  try {
    for (const kind of [from, to]) {
      stores.push(await openMovable(settings, kind));
    }
    const [source, target] = stores as [MovableStore, MovableStore];
    const keys = ledgerKeys(ledgerKeyTexts(settings), hmacSha256, sha256);
    const progress = (verb: string) => (kind: ContentKind, count: number) =>
      onProgress(`${verb}: ${countedRecords(kind, count)}`);
    await new MoveStore({ from: source, to: target }).execute({ onProgress: progress("copy") });
    return await new CompareStores({ from: source, to: target, ledgerKeys: keys }).execute({
      onProgress: progress("compare"),
    });
  } finally {
    await Promise.all(stores.map((store) => store.close()));
  }
}

/** Creates missing indexes, without which the copy is not complete. */
async function openMovable(settings: Settings, kind: StoreKind): Promise<MovableStore> {
  if (kind === "sqlite") {
    return openSqliteStore(settings.sqlitePath);
  }
  const store = await openMongodb(withoutAutoIndex(settings));
  await store.syncIndexes();
  return store;
}

/** The settings for reading a database without changing it. */
export function withoutAutoIndex(settings: Settings): Settings {
  return { ...settings, mongodbAutoIndex: false };
}
