import { existsSync } from "node:fs";
import { CatalogFileError, readCatalogFile } from "../adapters/catalog_file/catalog_file.ts";
import { connectStripe, WEBHOOK_TOLERANCE_SECONDS } from "../adapters/stripe/connect_stripe.ts";
import { connectStripeOperation } from "../adapters/stripe/connect_stripe_operation.ts";
import { SyncCatalog } from "../application/catalog/sync_catalog.ts";
import { CheckInstallation } from "../application/installation/check_installation.ts";
import { DatabaseClock } from "../application/installation/database_clock.ts";
import type { Finding } from "../application/installation/finding.ts";
import { MeasureClock } from "../application/installation/measure_clock.ts";
import { judgeSafety } from "../application/installation/safety_findings.ts";
import { SyncWebhookEndpoint } from "../application/installation/sync_webhook_endpoint.ts";
import type { AttentionStore } from "../application/ports/attention/attention_store.ts";
import type { BillingStore } from "../application/ports/billing_store.ts";
import { PortError } from "../application/ports/port_error.ts";
import type { LedgerHeadStore } from "../application/ports/tokens/ledger_head_store.ts";
import { SettingsError } from "../kit/settings_error.ts";
import { dashboardUrl, localServiceUrl, webhookUrl } from "./addresses.ts";
import { type Development, isLive, openStore, stripeOptions } from "./connect_billing.ts";
import { safetyFacts } from "./installation/safety_facts.ts";
import { ledgerKeyIds } from "./ledger_key_texts.ts";
import { developmentOf } from "./operator.ts";
import type { Settings } from "./settings.ts";
import { withoutAutoIndex } from "./store_operations.ts";

/** The part of a store that the checks read. */
type CheckedStore = Pick<BillingStore, "catalog" | "missingIndexes" | "now" | "close"> & {
  readonly ledgerHeads: Pick<LedgerHeadStore, "read">;
  readonly attention: Pick<AttentionStore, "countOpen">;
};

/** Checks the installation that the settings describe. */
export async function operateDoctor(settings: Settings): Promise<readonly Finding[]> {
  return await checkInstallation(settings, await developmentOf(settings));
}

/** Checks an installation, with the sandbox in Stripe's place where there is one. */
export async function checkInstallation(
  settings: Settings,
  development: Development | null,
  serviceUrl = localServiceUrl(settings),
): Promise<readonly Finding[]> {
  // Before the database is opened, which mends what it may.
  const safety = judgeSafety(safetyFacts(settings, serviceUrl));
  const stripe = stripeOptions(settings, development);
  const sandbox = development?.sandbox ?? null;
  const { publisher, clock: stripeClock } = connectStripe(stripe);
  const { endpoints, inspection } = connectStripeOperation(stripe);
  const store = await storeToCheck(settings);
  const clock = () => sandbox?.now() ?? new Date();
  const otherClocks = {
    stripe: stripeClock,
    // The sandbox's time is moved, the database's is not.
    ...(sandbox === null && { database: new DatabaseClock(store) }),
  };
  try {
    const installation = new CheckInstallation(
      {
        inspection,
        store,
        syncCatalog: new SyncCatalog(
          { catalog: store.catalog, publisher },
          { dashboardUrl: dashboardUrl(settings, serviceUrl) },
        ),
        syncWebhookEndpoint: new SyncWebhookEndpoint({ endpoints }),
        readDefinition: () => readDefinition(settings.plansFile),
        measureClock: new MeasureClock({ clock, otherClocks }),
        otherClocks,
      },
      {
        production: settings.production,
        sandbox: sandbox !== null,
        livemode: isLive(settings),
        apiVersion: endpoints.apiVersion,
        webhookUrl: webhookUrl(settings),
        webhookSecrets: stripe.webhookSecrets,
        ledgerKeyIds: ledgerKeyIds(settings),
        toleranceSeconds: WEBHOOK_TOLERANCE_SECONDS,
        paperwork: settings,
      },
    );
    return [...(await installation.execute()), ...safety];
  } finally {
    await store.close();
  }
}

/** The store as it is; one that cannot be opened fails at every call, so that the rest is checked. */
async function storeToCheck(settings: Settings): Promise<CheckedStore> {
  try {
    requireDatabase(settings);
    return await openStore(withoutAutoIndex(settings));
  } catch (error) {
    const fail = () => Promise.reject(error);
    return {
      catalog: { read: fail, save: fail },
      attention: { countOpen: fail },
      ledgerHeads: { read: fail },
      missingIndexes: fail,
      now: fail,
      close: async () => undefined,
    };
  }
}

/** Opening an embedded database would make it, but checks are to change nothing. */
function requireDatabase({ mongodbUrl, sqlitePath }: Settings): void {
  if (mongodbUrl === null && sqlitePath !== ":memory:" && !existsSync(sqlitePath)) {
    throw new PortError(`Cannot open the store: ${sqlitePath} does not exist`, {
      transient: false,
    });
  }
}

async function readDefinition(plansFile: string) {
  try {
    return await readCatalogFile(plansFile);
  } catch (error) {
    if (error instanceof CatalogFileError || error instanceof SettingsError) {
      throw new PortError(error.message, { transient: false, cause: error });
    }
    throw error;
  }
}
