import type { Sandbox } from "../../../sandbox/mod.ts";
import { connectStripe } from "../../../src/adapters/stripe/connect_stripe.ts";
import type { BillingStore } from "../../../src/application/ports/billing_store.ts";
import { createBilling, type EmbeddedBilling } from "../../../src/mod.ts";
import { startTestService, type TestService } from "../../rig/service_rig.ts";

const SECRET = "whsec_of_the_twin";

/** Use cases over a store and a sandbox, at its time; no webhook reaches them. */
export function billingAt(sandbox: Sandbox, store: BillingStore): EmbeddedBilling {
  return createBilling({
    store,
    payments: connectStripe(stripeAt(sandbox)),
    settings: { ...settingsAt(sandbox), ledgerKeys: [] },
    clock: () => sandbox.now(),
  });
}

/** Starts a service of its own beside a sandbox that tells it everything. */
export async function startTwin(sandbox: Sandbox): Promise<TestService> {
  const twin = await startTestService({
    catalog: null,
    stripe: stripeAt(sandbox),
    settings: settingsAt(sandbox),
    clock: () => sandbox.now(),
  });
  sandbox.addWebhookEndpoint({ url: `${twin.url}/billing/webhook`, secret: SECRET });
  return twin;
}

function stripeAt(sandbox: Sandbox) {
  return {
    secretKey: "sk_test_reconciliation",
    webhookSecrets: [SECRET],
    baseUrl: sandbox.url,
    reconcileRequestsPerSecond: 100_000,
  };
}

function settingsAt(sandbox: Sandbox) {
  return {
    livemode: false,
    dashboardUrl: `${sandbox.url}/`,
    allowedRedirectOrigins: [sandbox.url],
    allowHttpLoopback: true,
  };
}
