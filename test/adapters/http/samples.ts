import { createSecretKey } from "node:crypto";
import jwt from "jsonwebtoken";
import type { Catalog, Plan } from "../../../src/domain/catalog/catalog.ts";
import type {
  Subscription,
  SubscriptionStatus,
} from "../../../src/domain/subscription/subscription.ts";

/** The service's time. Tokens are dated by the machine's clock, as they are verified by it. */
export const NOW = new Date("2026-06-30T12:00:00.000Z");
export const TENANT = "clacme0001";
export const FOREIGN_TENANT = "clother0002";
export const SECRET = createSecretKey(Buffer.alloc(32, 7));
export const WEBHOOK_SECRET = "whsec_test_of_the_http_adapter";
export const ORIGIN = "https://app.example.com";

/** A body that starts a checkout of the plan "pro". */
export const CHECKOUT = {
  planSlug: "pro",
  successUrl: `${ORIGIN}/billing/success`,
  cancelUrl: `${ORIGIN}/billing/cancel`,
};

/** Claims of a token; what is `undefined` is left out. */
export type Claims = Readonly<Record<string, unknown>>;

/** Claims that are in order. */
export function soundClaims(changes: Claims = {}): Claims {
  const seconds = Math.floor(Date.now() / 1000);
  return {
    sub: "user-1",
    iat: seconds,
    exp: seconds + 900,
    tenants: [{ id: TENANT, role: "ADMIN" }],
    ...changes,
  };
}

/** A signed token with sound claims, changed as told. */
export function token(changes: Claims = {}): string {
  return jwt.sign(JSON.stringify(soundClaims(changes)), SECRET, {
    header: { alg: "HS256", typ: "JWT" },
  });
}

function plan(slug: string, rank: number, changes: Partial<Plan> = {}): Plan {
  return {
    slug,
    name: slug,
    rank,
    active: true,
    monthlyEmailLimit: 100 * (rank + 1),
    tokensIncludedMonth: 1_000 * rank,
    maxDomains: rank + 1,
    maxMembers: null,
    maxTemplates: 10,
    productId: `prod_${slug}`,
    prices: [{ interval: "month", amount: 4_900, currency: "eur", priceId: `price_${slug}_month` }],
    ...changes,
  };
}

export const CATALOG: Catalog = {
  revision: 0,
  plans: [
    plan("pro", 2),
    plan("free", 0, { productId: null, prices: [] }),
    plan("starter", 1),
    plan("legacy", 3, { active: false }),
  ],
  packs: [],
  portalConfigurationId: "bpc_1",
};

/** The tenant's subscription to "pro" at the payment provider. */
export function subscriptionOf(status: SubscriptionStatus): Subscription {
  const period = {
    start: new Date("2026-06-15T10:00:00.000Z"),
    end: new Date("2026-07-15T10:00:00.000Z"),
  };
  return {
    id: "sub_1",
    customerId: `cus_${TENANT}`,
    tenantId: TENANT,
    status,
    items: [
      {
        id: "si_1",
        priceId: "price_pro_month",
        productId: "prod_pro",
        interval: "month",
        amount: 4_900,
        period,
      },
    ],
    billingCycleAnchor: period.start,
    cancelAt: new Date("2026-07-15T10:00:00.000Z"),
    cancelAtPeriodEnd: false,
    trialEnd: null,
    scheduledChangeAt: null,
    createdAt: period.start,
    endedAt: null,
  };
}
