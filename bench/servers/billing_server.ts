/**
 * The service as `startService` wires it, but for the address of Stripe, which only a host that
 * embeds can choose: here a sandbox in another process. Its log goes to standard output.
 */

import { createSecretKey } from "node:crypto";
import { subscribe } from "node:diagnostics_channel";
import { setTimeout } from "node:timers/promises";
import { createApp } from "../../src/adapters/http/app.ts";
import { serve } from "../../src/adapters/http/server/serve.ts";
import { openSqliteStore } from "../../src/adapters/sqlite/open_sqlite_store.ts";
import { connectStripe } from "../../src/adapters/stripe/connect_stripe.ts";
import { createBilling } from "../../src/composition/create_billing.ts";
import { createLogger } from "../../src/kit/logger.ts";
import { LEDGER_KEYS } from "../method/ledger_keys.ts";

const {
  path,
  jwtSecret,
  webhookSecret,
  stripeUrl,
  eventRequestsPerSecond = 10_000,
} = JSON.parse(process.argv[2] ?? "");
const ORIGIN = "https://app.example.com";
const SETTLE_MS = 5;

let stripeCalls = 0;
subscribe("http.client.request.start", () => {
  stripeCalls += 1;
});
const logger = createLogger({ level: "info" });
const billing = createBilling({
  store: openSqliteStore(path),
  payments: connectStripe({
    secretKey: "sk_test_bench",
    webhookSecrets: [webhookSecret],
    baseUrl: stripeUrl,
  }),
  settings: {
    livemode: false,
    dashboardUrl: `${ORIGIN}/billing`,
    eventRequestsPerSecond,
    ledgerKeys: LEDGER_KEYS,
  },
});
billing.startWorkers({ logger });
const app = createApp({
  billing,
  authentication: {
    key: { type: "secret", secret: createSecretKey(Buffer.from(jwtSecret)) },
    clockToleranceSeconds: 5,
    tenantsClaim: "tenants",
  },
  corsOrigins: [ORIGIN],
  rateLimitPerMinute: 1_000_000,
  logger,
});
const server = await serve(app, { port: 0, host: "127.0.0.1", logger });

process.on("message", async (question) => {
  if (question === "settle") {
    await settled();
    process.send?.({ settled: true });
  }
  if (question === "stripeCalls") {
    process.send?.({ stripeCalls });
  }
});
process.once("SIGTERM", async () => {
  await server.close(0);
  await billing.close();
  process.exit(0);
});
process.send?.({ url: server.url });

/** Waits until all stored events were handled. */
async function settled(): Promise<void> {
  for (;;) {
    const { received, processing, failed } = await billing.countEvents.execute();
    if (failed > 0) {
      throw new Error(`Cannot measure: ${failed} events failed`);
    }
    if (received + processing === 0) {
      return;
    }
    await setTimeout(SETTLE_MS);
  }
}
