import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { PlanSync, PlanSyncOptions } from "../../src/adapters/cli/plan_commands.ts";
import { operatePlans } from "../../src/composition/plan_operations.ts";
import type { Settings } from "../../src/composition/settings.ts";
import type { CatalogDefinition } from "../../src/domain/catalog/catalog.ts";
import type { Environment } from "../../src/kit/settings.ts";
import { settingsOf } from "./settings_of.ts";
import type { StartedBilling } from "./started_billing.ts";

/** Where an operator's service is in public; nobody listens there. */
export const PUBLIC_URL = "http://127.0.0.1:9/api";

/** An operator beside a running service, whose settings it shares. */
export interface Operator {
  /** The operator's settings; `env` replaces some. */
  settings(env?: Environment): Settings;
  /** The plans file as it is. */
  plans(): Promise<CatalogDefinition>;
  /** Writes another plans file. */
  write(definition: CatalogDefinition): Promise<void>;
  /** `plans sync`. */
  sync(options?: Partial<PlanSyncOptions>): Promise<PlanSync>;
}

/** The operator of a service. */
export function operatorOf(billing: StartedBilling): Operator {
  const file = () => join(billing.folder, "plans.json");
  const settings = (env: Environment = {}) => settingsOf({ ...billing.env, ...env });
  return {
    settings,
    plans: async () => JSON.parse(await readFile(file(), "utf8")),
    write: (definition) => writeFile(file(), JSON.stringify(definition)),
    sync: (options = {}) =>
      operatePlans(settings(), {
        dryRun: false,
        secretFile: null,
        onProgress: () => undefined,
        ...options,
      }),
  };
}
