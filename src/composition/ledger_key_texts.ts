import { randomBytes, randomUUID } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Settings } from "./settings.ts";

const DEVELOPMENT_ID = "development";
const MEMORY = ":memory:";
const DEFAULT_PATH = "./data/billing.db";

/**
 * The keys that seal the token ledgers, as texts. Where none is set, in development, one is made
 * and kept beside the embedded database, for its owner only: all processes have the same.
 *
 * @throws {Error} when the file can neither be read nor made
 */
export function ledgerKeyTexts(
  settings: Pick<Settings, "ledgerKeys" | "mongodbUrl" | "sqlitePath" | "production">,
): readonly string[] {
  const { ledgerKeys, mongodbUrl, sqlitePath, production } = settings;
  if (ledgerKeys.length > 0 || production) {
    return ledgerKeys.map((key) => key.reveal());
  }
  if (mongodbUrl === null && sqlitePath === MEMORY) {
    return [newKey()];
  }
  return [keptKey(`${sqlitePath === MEMORY ? DEFAULT_PATH : sqlitePath}.ledger_key`)];
}

/** The ids of the keys that seal, without making one. */
export function ledgerKeyIds({
  ledgerKeys,
  production,
}: Pick<Settings, "ledgerKeys" | "production">): readonly string[] {
  const ids = ledgerKeys.map((key) => key.reveal().split(":", 1)[0] ?? "");
  return ids.length === 0 && !production ? [DEVELOPMENT_ID] : ids;
}

function newKey(): string {
  return `${DEVELOPMENT_ID}:${randomBytes(32).toString("hex")}`;
}

function keptKey(path: string): string {
  return readKey(path) ?? makeKey(path);
}

/** The file appears whole, and the first process that makes it decides. */
function makeKey(path: string): string {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${randomUUID()}`;
  writeFileSync(draft, newKey(), { mode: 0o600, flag: "wx" });
  try {
    linkSync(draft, path);
  } catch (error) {
    if (!isCode(error, "EEXIST")) {
      throw error;
    }
  } finally {
    unlinkSync(draft);
  }
  return readFileSync(path, "utf8").trim();
}

function readKey(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").trim();
  } catch (error) {
    if (isCode(error, "ENOENT")) {
      return undefined;
    }
    throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
