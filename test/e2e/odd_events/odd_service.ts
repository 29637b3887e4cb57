import { createApp } from "../../../src/adapters/http/app.ts";
import { serve } from "../../../src/adapters/http/serve.ts";
import { openSqliteStore } from "../../../src/adapters/sqlite/open_sqlite_store.ts";
import { connectStripe } from "../../../src/adapters/stripe/connect_stripe.ts";
import type { BillingStore } from "../../../src/application/ports/billing_store.ts";
import type { Catalog, Plan } from "../../../src/domain/catalog/catalog.ts";
import { newAccount } from "../../../src/domain/subscription/billing_account.ts";
import { createBilling, type EmbeddedBilling } from "../../../src/mod.ts";
import { memoryLogger } from "../../rig/service_rig.ts";
import { SECRET } from "../../samples/http.ts";
import { type OddStripe, startOddStripe } from "./odd_stripe.ts";

/** The service's time: in the month that the fixtures are about. */
export const NOW = new Date("2026-09-05T12:00:00Z");

/** Both sign: one is being rotated out. */
export const WEBHOOK_SECRETS = ["whsec_old_of_the_rotation", "whsec_new_of_the_rotation"] as const;

/** Attempts after which an event is dead. */
export const MAX_ATTEMPTS = 3;

/** The whole service in this process, over the real Stripe adapter and an odd "Stripe". */
export interface OddService {
  readonly url: string;
  readonly stripe: OddStripe;
  readonly store: BillingStore;
  readonly billing: EmbeddedBilling;
  /** Gives a tenant a customer here. */
  link(tenantId: string, customerId: string): Promise<void>;
  /** Lets time pass and the worker run until nothing waits any more. */
  drain(): Promise<number>;
  /** Accounts and ledgers of tenants, to be compared. */
  snapshot(tenantIds: readonly string[]): Promise<unknown>;
  close(): Promise<void>;
}

/** Starts the service on a free port. */
export async function startOddService(): Promise<OddService> {
  const stripe = await startOddStripe();
  const store = openSqliteStore(":memory:");
  await store.catalog.save(CATALOG);
  let now = NOW;
  const billing = createBilling({
    store,
    payments: connectStripe({
      secretKey: "sk_test_odd",
      webhookSecrets: WEBHOOK_SECRETS,
      baseUrl: stripe.origin,
      clock: () => NOW,
    }),
    clock: () => now,
    settings: {
      livemode: false,
      dashboardUrl: "https://app.example.com/",
      refundDuplicates: false,
      eventMaxAttempts: MAX_ATTEMPTS,
      eventRetryBaseMs: 1_000,
      eventRetryMaxMs: 4_000,
    },
  });
  const { logger } = memoryLogger();
  const app = createApp({
    billing,
    authentication: {
      key: { type: "secret", secret: SECRET },
      clockToleranceSeconds: 5,
      tenantsClaim: "tenants",
    },
    corsOrigins: [],
    rateLimitPerMinute: 1_000,
    logger,
  });
  const server = await serve(app, { port: 0, host: "127.0.0.1", logger });
  return {
    url: server.url,
    stripe,
    store,
    billing,
    link: async (tenantId, customerId) => {
      await store.accounts.save({ ...newAccount(tenantId), customerId });
    },
    drain: async () => {
      let runs = 0;
      for (let idle = 0; idle < 3; runs += 1) {
        now = new Date(now.getTime() + 60_000);
        const handled = await billing.handleDueEvents.execute({ limit: 100 });
        idle = handled.length === 0 ? idle + 1 : 0;
      }
      return runs;
    },
    snapshot: (tenantIds) =>
      Promise.all(
        tenantIds.map(async (tenantId) => ({
          tenantId,
          account: await store.accounts.find(tenantId),
          last: await store.ledger.last(tenantId),
        })),
      ),
    close: async () => {
      await server.close(0);
      await billing.close();
      await stripe.close();
    },
  };
}

function plan(slug: string, rank: number, changes: Partial<Plan>): Plan {
  return {
    slug,
    name: slug,
    rank,
    active: true,
    monthlyEmailLimit: 100,
    tokensIncludedMonth: 1_000 * rank,
    maxDomains: null,
    maxMembers: null,
    maxTemplates: null,
    productId: null,
    prices: [],
    ...changes,
  };
}

const PRICE = { interval: "month", amount: 2_900, currency: "eur", priceId: "price_1" } as const;

const CATALOG: Catalog = {
  revision: 0,
  plans: [
    plan("free", 0, {}),
    plan("starter", 1, { productId: "prod_QvStarter", prices: [PRICE] }),
    plan("pro", 2, { productId: "prod_QvPro", prices: [PRICE] }),
  ],
  packs: [],
  portalConfigurationId: "bpc_1",
  planChangeConfigurationId: "bpc_2",
};
