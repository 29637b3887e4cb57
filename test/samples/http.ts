import { createSecretKey } from "node:crypto";
import jwt from "jsonwebtoken";
import type { Catalog, Plan } from "../../src/domain/catalog/catalog.ts";
import type { SnapshotSubscription } from "../../src/domain/subscription/customer_snapshot.ts";
import type { SubscriptionStatus } from "../../src/domain/subscription/subscription.ts";
import { TENANT } from "./account.ts";
import { sampleCatalog, samplePlan } from "./catalog.ts";
import { at } from "./dates.ts";
import { sampleItem, sampleSubscription } from "./subscription.ts";

/** The service's time. Tokens are dated by the machine's clock, as they are verified by it. */
export const NOW = new Date("2026-06-30T12:00:00.000Z");
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

const PRICE = { interval: "month", amount: 4_900, currency: "eur" } as const;

function plan(slug: string, rank: number, changes: Partial<Plan> = {}): Plan {
  return samplePlan(slug, rank + 1, {
    rank,
    monthlyEmailLimit: 100 * (rank + 1),
    tokensIncludedMonth: 1_000 * rank,
    maxMembers: null,
    prices: rank === 0 ? [] : [{ ...PRICE, priceId: `price_${slug}_month` }],
    ...changes,
  });
}

/** What the service sells, in no order, with a plan that is offered no more. */
export const CATALOG: Catalog = {
  ...sampleCatalog([
    plan("pro", 2),
    plan("free", 0),
    plan("starter", 1),
    plan("legacy", 3, { active: false }),
  ]),
  revision: 0,
  packs: [],
};

/** The tenant's subscription to "pro" at the payment provider, which ends in July. */
export function subscriptionOf(status: SubscriptionStatus): SnapshotSubscription {
  const period = { start: at("2026-06-15T10:00:00Z"), end: at("2026-07-15T10:00:00Z") };
  return sampleSubscription({
    id: "sub_1",
    customerId: "cus_1",
    status,
    items: [sampleItem("pro", { amount: PRICE.amount, period })],
    billingCycleAnchor: period.start,
    cancelAt: period.end,
    createdAt: period.start,
  });
}
