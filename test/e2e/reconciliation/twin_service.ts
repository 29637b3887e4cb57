import { createServer } from "node:http";
import type { Sandbox } from "../../../sandbox/mod.ts";
import { openSqliteStore } from "../../../src/adapters/sqlite/open_sqlite_store.ts";
import { connectStripe } from "../../../src/adapters/stripe/connect_stripe.ts";
import type { BillingStore } from "../../../src/application/ports/billing_store.ts";
import type { MovableStore } from "../../../src/application/ports/store_transfer.ts";
import { createBilling, type EmbeddedBilling } from "../../../src/mod.ts";

const SECRET = "whsec_of_the_twin";

/** A service whose webhooks all arrive. */
export interface TwinService {
  readonly billing: EmbeddedBilling;
  readonly store: MovableStore;
  /** Handles everything that has arrived. */
  caughtUp(): Promise<void>;
  close(): Promise<void>;
}

/** Use cases over a store and a sandbox, at its time; no webhook reaches them. */
export function billingAt(sandbox: Sandbox, store: BillingStore): EmbeddedBilling {
  return createBilling({
    store,
    payments: connectStripe({
      secretKey: "sk_test_reconciliation",
      webhookSecrets: [SECRET],
      baseUrl: sandbox.url,
      reconcileRequestsPerSecond: 100_000,
    }),
    settings: {
      livemode: false,
      dashboardUrl: `${sandbox.url}/`,
      allowHttpLoopback: true,
    },
    clock: () => sandbox.now(),
  });
}

/** Starts a service of its own beside a sandbox that tells it everything. */
export async function startTwin(sandbox: Sandbox): Promise<TwinService> {
  const store = openSqliteStore(":memory:");
  const billing = billingAt(sandbox, store);
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk);
    }
    const signature = String(request.headers["stripe-signature"]);
    const rawBody = Buffer.concat(chunks);
    const { type } = await billing.receiveStripeEvent.execute({ rawBody, signature });
    response.writeHead(type === "stored" ? 200 : 400).end();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  sandbox.addWebhookEndpoint({ url: `http://127.0.0.1:${port}/webhook`, secret: SECRET });
  return {
    billing,
    store,
    caughtUp: async () => {
      await sandbox.settled();
      const waiting = await store.inbox.list({ state: "received", limit: 10_000 });
      await Promise.all(
        waiting.map(({ event }) => billing.handleStripeEvent.execute({ eventId: event.id })),
      );
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await billing.close();
    },
  };
}
