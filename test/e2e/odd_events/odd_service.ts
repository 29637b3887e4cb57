import type { Catalog } from "../../../src/domain/catalog/catalog.ts";
import { startTestService, type TestService } from "../../rig/service_rig.ts";
import { sampleCatalog, samplePlan } from "../../samples/catalog.ts";
import { type OddStripe, startOddStripe } from "./odd_stripe.ts";

/** The service's time: in the month that the fixtures are about. */
export const NOW = new Date("2026-09-05T12:00:00Z");

/** Both sign: one is being rotated out. */
export const WEBHOOK_SECRETS = ["whsec_old_of_the_rotation", "whsec_new_of_the_rotation"] as const;

/** Attempts after which an event is dead. */
export const MAX_ATTEMPTS = 3;

/** The whole service in this process, over the real Stripe adapter and an odd "Stripe". */
export interface OddService extends Pick<TestService, "url" | "store" | "billing" | "close"> {
  readonly stripe: OddStripe;
  /** Gives a tenant a customer here. */
  link(tenantId: string, customerId: string): Promise<void>;
  /** Lets time pass and the worker run until nothing waits any more. */
  drain(): Promise<number>;
  /** Accounts and ledgers of tenants, to be compared. */
  snapshot(tenantIds: readonly string[]): Promise<unknown>;
}

/** Starts the service on a free port. */
export async function startOddService(): Promise<OddService> {
  const stripe = await startOddStripe();
  const service = await startTestService({
    catalog: CATALOG,
    stripe: { baseUrl: stripe.origin, webhookSecrets: WEBHOOK_SECRETS, clock: () => NOW },
    settings: { refundDuplicates: false, eventMaxAttempts: MAX_ATTEMPTS, eventRetryMaxMs: 4_000 },
  });
  const { fixture, store, billing, url } = service;
  fixture.now = NOW;
  return {
    url,
    stripe,
    store,
    billing,
    link: (tenantId, customerId) => fixture.save({ customerId }, tenantId),
    drain: async () => {
      let runs = 0;
      for (let idle = 0; idle < 3; runs += 1) {
        fixture.advance(60_000);
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
      await service.close();
      await stripe.close();
    },
  };
}

const CATALOG: Catalog = sampleCatalog([
  samplePlan("free", 1, { tokensIncludedMonth: 0 }),
  samplePlan("starter", 2, { productId: "prod_QvStarter" }),
  samplePlan("pro", 3, { productId: "prod_QvPro" }),
]);
