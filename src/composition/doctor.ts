import { existsSync } from "node:fs";
import { CatalogFileError, readCatalogFile } from "../adapters/catalog_file/catalog_file.ts";
import { connectStripe, WEBHOOK_TOLERANCE_SECONDS } from "../adapters/stripe/connect_stripe.ts";
import { connectStripeOperation } from "../adapters/stripe/connect_stripe_operation.ts";
import { SyncCatalog } from "../application/catalog/sync_catalog.ts";
import { CheckInstallation } from "../application/installation/check_installation.ts";
import { DatabaseClock } from "../application/installation/database_clock.ts";
import type { Finding } from "../application/installation/finding.ts";
import { SyncWebhookEndpoint } from "../application/installation/sync_webhook_endpoint.ts";
import type { AttentionStore } from "../application/ports/attention/attention_store.ts";
import type { BillingStore } from "../application/ports/billing_store.ts";
import { PortError } from "../application/ports/port_error.ts";
import { type Config, webhookUrl } from "./config.ts";
import { type Development, openStore, stripeOptions } from "./connect_billing.ts";
import { developmentOf } from "./operator.ts";
import { withoutAutoIndex } from "./store_operations.ts";
import { dashboardUrl, localServiceUrl } from "./wire_dashboard.ts";

/** What the checks need of a store. */
type CheckedStore = Pick<BillingStore, "catalog" | "missingIndexes" | "now" | "close"> & {
  readonly attention: Pick<AttentionStore, "countOpen">;
};

/** Checks the installation that the settings describe. */
export async function operateDoctor(config: Config): Promise<readonly Finding[]> {
  return await checkInstallation(config, await developmentOf(config));
}

/** Checks an installation, with the sandbox in Stripe's place where there is one. */
export async function checkInstallation(
  config: Config,
  development: Development | null,
  serviceUrl = localServiceUrl(config),
): Promise<readonly Finding[]> {
  const stripe = stripeOptions(config, development);
  const sandbox = development?.sandbox ?? null;
  const { publisher, clock: stripeClock } = connectStripe(stripe);
  const { endpoints, inspection } = connectStripeOperation(stripe);
  const store = await storeToCheck(config);
  const settings = { dashboardUrl: dashboardUrl(config, serviceUrl) };
  try {
    return await new CheckInstallation(
      {
        inspection,
        store,
        syncCatalog: new SyncCatalog({ catalog: store.catalog, publisher }, settings),
        syncWebhookEndpoint: new SyncWebhookEndpoint({ endpoints }),
        readDefinition: () => readDefinition(config.plansFile),
        clock: () => sandbox?.now() ?? new Date(),
        otherClocks: {
          stripe: stripeClock,
          // The sandbox's time is moved, the database's is not.
          ...(sandbox === null && { database: new DatabaseClock(store) }),
        },
      },
      {
        production: config.production,
        sandbox: sandbox !== null,
        livemode: config.stripe?.livemode ?? false,
        apiVersion: endpoints.apiVersion,
        webhookUrl: webhookUrl(config),
        webhookSecrets: stripe.webhookSecrets,
        toleranceSeconds: WEBHOOK_TOLERANCE_SECONDS,
      },
    ).execute();
  } finally {
    await store.close();
  }
}

/** The store as it is; one that cannot be opened fails at every call, so that the rest is checked. */
async function storeToCheck(config: Config): Promise<CheckedStore> {
  try {
    requireDatabase(config);
    return await openStore(withoutAutoIndex(config));
  } catch (error) {
    const fail = () => Promise.reject(error);
    return {
      catalog: { read: fail, save: fail },
      attention: { countOpen: fail },
      missingIndexes: fail,
      now: fail,
      close: async () => undefined,
    };
  }
}

/** Opening an embedded database would make it, but checks are to change nothing. */
function requireDatabase({ mongodb, sqlitePath }: Config): void {
  if (mongodb === null && sqlitePath !== ":memory:" && !existsSync(sqlitePath)) {
    throw new PortError(`Cannot open the store: ${sqlitePath} does not exist`, {
      transient: false,
    });
  }
}

async function readDefinition(plansFile: string) {
  try {
    return await readCatalogFile(plansFile);
  } catch (error) {
    if (error instanceof CatalogFileError) {
      throw new PortError(error.message, { transient: false, cause: error });
    }
    throw error;
  }
}
