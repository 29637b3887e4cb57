import { StatementSync } from "node:sqlite";

type Run = (this: StatementSync, ...parameters: unknown[]) => unknown;

/** What some work has asked of SQLite. */
export interface CountedSqlite {
  /** The text of each statement that ran, in order; those that bound transactions included. */
  readonly statements: readonly string[];
  /** How often something was written for good: by a transaction, or a statement outside of one. */
  readonly commits: number;
}

/** Counts what every connection of this process runs while `work` does its own. */
export async function countSqlite(work: () => Promise<unknown>): Promise<CountedSqlite> {
  const names = ["all", "get", "run", "iterate"] as const;
  const prototype = StatementSync.prototype as unknown as Record<string, Run>;
  const originals = names.map((name) => [name, prototype[name]] as const);
  const statements: string[] = [];
  let [commits, within] = [0, false];
  for (const [name, original] of originals) {
    prototype[name] = function counted(...parameters) {
      const sql = this.sourceSQL.replace(/\s+/g, " ");
      statements.push(sql);
      const result = original?.apply(this, parameters);
      within = /^BEGIN/.test(sql) || (within && !/^(COMMIT|ROLLBACK)$/.test(sql));
      commits += /^COMMIT/.test(sql) || (!within && wrote(sql, result)) ? 1 : 0;
      return result;
    };
  }
  try {
    await work();
  } finally {
    Object.assign(prototype, Object.fromEntries(originals));
  }
  return { statements, commits };
}

function wrote(sql: string, result: unknown): boolean {
  if (!/^(INSERT|UPDATE|DELETE|REPLACE)/.test(sql)) {
    return false;
  }
  return Array.isArray(result)
    ? result.length > 0
    : (result as { changes?: number | bigint } | undefined)?.changes !== 0;
}
