import type { EndpointSync, PlanSync, PlanSyncOptions } from "../adapters/cli/plan_commands.ts";
import { connectStripeOperation } from "../adapters/stripe/connect_stripe_operation.ts";
import { describeChange } from "../application/installation/describe_change.ts";
import { SyncWebhookEndpoint } from "../application/installation/sync_webhook_endpoint.ts";
import { withSecretFile } from "../kit/secret_file.ts";
import { webhookUrl } from "./addresses.ts";
import { connectOperator } from "./operator.ts";
import { publishCatalog } from "./publish_catalog.ts";
import type { Settings } from "./settings.ts";

/**
 * Publishes the plans file and, where the service's address is known, its webhook endpoint; or only
 * says what would change.
 *
 * @throws {CatalogFileError} when the file describes no catalogue
 * @throws {PortError} when Stripe or the database fails
 */
export async function operatePlans(
  settings: Settings,
  options: PlanSyncOptions,
): Promise<PlanSync> {
  const { dryRun, onProgress } = options;
  const { plansFile } = settings;
  const url = webhookUrl(settings);
  const { billing, stripe } = await connectOperator(settings);
  try {
    const changes = await publishCatalog(plansFile, billing.syncCatalog, {
      dryRun,
      onChange: (change) => onProgress(describeChange(change)[0] ?? ""),
    });
    const { endpoints } = connectStripeOperation(stripe);
    const sync = new SyncWebhookEndpoint({ endpoints });
    const endpoint = url === null ? null : await syncEndpoint(sync, { url, ...options });
    return { dryRun, plansFile, changes, endpoint };
  } finally {
    await billing.close();
  }
}

async function syncEndpoint(
  sync: SyncWebhookEndpoint,
  { url, dryRun, secretFile }: PlanSyncOptions & { url: string },
): Promise<EndpointSync> {
  const first = await sync.execute({ url, dryRun, keepSecret: null });
  const standing = { url, ...first.plan, lacksSecretFile: false, secretFile: null };
  if (first.type !== "no_place_for_secret") {
    return standing;
  }
  if (secretFile === null) {
    return { ...standing, lacksSecretFile: true };
  }
  return await withSecretFile(secretFile, async (keep) => {
    const { plan } = await sync.execute({
      url,
      dryRun,
      keepSecret: ({ endpointId, signingSecret }) => keep(signingSecret).catch(lost(endpointId)),
    });
    return { ...standing, ...plan, secretFile };
  });
}

function lost(endpointId: string): (cause: unknown) => never {
  return (cause) => {
    throw new Error(
      `Cannot write the signing secret of endpoint "${endpointId}": ` +
        "reveal it in Stripe's dashboard, or delete the endpoint there and run this again",
      { cause },
    );
  };
}
