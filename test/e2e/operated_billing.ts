import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PlanSync, PlanSyncOptions } from "../../src/adapters/cli/plan_commands.ts";
import { operatePlans } from "../../src/composition/plan_operations.ts";
import { parseSettings, type Settings } from "../../src/composition/settings.ts";
import type { CatalogDefinition } from "../../src/domain/catalog/catalog.ts";
import type { Environment } from "../../src/kit/settings.ts";
import { type StartedBilling, startBilling } from "../rig/started_billing.ts";

/** The public address of the service in these tests; nobody listens there. */
export const PUBLIC_URL = "http://127.0.0.1:9/api";

/** A running service with an operator beside it, whose settings it shares. */
export interface OperatedBilling {
  readonly billing: StartedBilling;
  readonly folder: string;
  /** The operator's settings; `env` replaces some. */
  settings(env?: Environment): Settings;
  /** The plans file as it is. */
  plans(): Promise<CatalogDefinition>;
  /** Writes another plans file. */
  write(definition: CatalogDefinition): Promise<void>;
  /** `plans sync`. */
  sync(options?: Partial<PlanSyncOptions>): Promise<PlanSync>;
  stop(): Promise<void>;
}

/** Starts a service on the plans that are shipped. */
export async function startOperatedBilling(store: Environment): Promise<OperatedBilling> {
  const folder = await mkdtemp(join(tmpdir(), "operated-"));
  const file = join(folder, "plans.json");
  await writeFile(file, await readFile("plans.json"));
  const env = { PLANS_FILE: file, SQLITE_PATH: join(folder, "billing.db"), PUBLIC_URL, ...store };
  const billing = await startBilling(env);
  const settings = (changes: Environment = {}) => {
    const SANDBOX_PORT = String(billing.sandbox.port);
    const parsed = parseSettings({ ...env, SANDBOX_PORT, ...changes });
    if (!parsed.ok) {
      throw new Error(parsed.problems.join("; "));
    }
    return parsed.settings;
  };
  return {
    billing,
    folder,
    settings,
    plans: async () => JSON.parse(await readFile(file, "utf8")),
    write: (definition) => writeFile(file, JSON.stringify(definition)),
    sync: (options = {}) =>
      operatePlans(settings(), {
        dryRun: false,
        secretFile: null,
        onProgress: () => undefined,
        ...options,
      }),
    stop: async () => {
      await billing.stop();
      await rm(folder, { recursive: true });
    },
  };
}
