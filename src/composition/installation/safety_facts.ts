import { statSync } from "node:fs";
import type {
  CheckedFile,
  CheckedSecret,
  SafetyFacts,
} from "../../application/installation/safety_findings.ts";
import { isLoopback } from "../../kit/loopback.ts";
import { isGuessable } from "../../kit/secret_strength.ts";
import { dashboardUrl, redirectOrigins } from "../addresses.ts";
import type { Settings } from "../settings.ts";

/** Files that stand beside an embedded database, by what follows its name. */
const BESIDE = ["", "-wal", "-shm", ".ledger_key"];

/** Facts about the setup that others could take advantage of. Changes nothing. */
export function safetyFacts(settings: Settings, serviceUrl: string): SafetyFacts {
  return {
    production: settings.production,
    files: databaseFiles(settings),
    secrets: chosenSecrets(settings),
    isGuessable,
    dashboardUrl: dashboardUrl(settings, serviceUrl),
    redirectOrigins: redirectOrigins(settings, { serviceUrl, sandboxUrl: null }),
    isLoopback,
  };
}

function databaseFiles({ mongodbUrl, sqlitePath }: Settings): readonly CheckedFile[] {
  if (mongodbUrl !== null) {
    return [];
  }
  return BESIDE.flatMap((end) => {
    const path = `${sqlitePath}${end}`;
    const mode = modeOf(path);
    return mode === null ? [] : [{ path, mode }];
  });
}

/** `null` where there is no such file. */
function modeOf(path: string): number | null {
  try {
    return statSync(path).mode & 0o777;
  } catch {
    return null;
  }
}

/** Those that Stripe made are checked apart. */
function chosenSecrets({
  authJwtSecret,
  metricsToken,
  ledgerKeys,
}: Settings): readonly CheckedSecret[] {
  const texts = {
    AUTH_JWT_SECRET: authJwtSecret?.reveal(),
    METRICS_TOKEN: metricsToken?.reveal(),
  };
  return [
    ...Object.entries(texts).flatMap(([name, value]) => (value ? { name, value } : [])),
    ...ledgerKeys.map((key, index) => ({
      name: `Key ${index + 1} of LEDGER_KEYS`,
      value: key.reveal().slice(key.reveal().indexOf(":") + 1),
    })),
  ];
}
