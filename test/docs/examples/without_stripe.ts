import { readFile } from "node:fs/promises";
import { createBilling } from "@mailingcore/billing";
import { openSqliteStore } from "@mailingcore/billing/sqlite";
import { connectStripe } from "@mailingcore/billing/stripe";
import { startSandbox } from "@mailingcore/billing/testing";

const PAGE = "https://app.example.com/billing";

/** Takes a tenant from the free plan to a paid one. */
export async function rehearse(tenantId: string, planSlug: string) {
  const sandbox = await startSandbox();
  const secrets = { secretKey: "sk_test_any", webhookSecrets: ["whsec_any"] };
  const billing = createBilling({
    store: openSqliteStore(":memory:"),
    payments: connectStripe({ ...secrets, baseUrl: sandbox.url }),
    clock: () => sandbox.now(),
    settings: { livemode: false, dashboardUrl: PAGE, ledgerKeys: [] },
    workersElsewhere: true,
  });
  try {
    await billing.syncCatalog.execute(JSON.parse(await readFile("plans.json", "utf8")));
    const wish = { tenantId, planSlug, successUrl: PAGE, cancelUrl: PAGE };
    const checkout = await billing.startCheckout.execute(wish);
    const session = checkout.type === "started" ? checkout.url.split("/").at(-1) : "";
    await fetch(`${sandbox.url}/_sandbox/checkout/${session}/complete`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ card: "4242424242424242" }),
    });
    await billing.synchronizeTenant.look({ tenantId });
    return await billing.readSubscription.execute({ tenantId });
  } finally {
    await billing.close();
    await sandbox.close();
  }
}
