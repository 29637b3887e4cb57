import { expect } from "chai";
import { startTestService, type TestService } from "../../../rig/service_rig.ts";
import { TENANT } from "../../../samples/account.ts";
import { token } from "../../../samples/http.ts";

/** The headers of a service that may spend tokens, unless it is told otherwise. */
export function serviceHeaders(claims = {}, tenantId = TENANT) {
  const bearer = token({ scope: "billing:tokens", tenants: "*", ...claims });
  return { Authorization: `Bearer ${bearer}`, "X-Tenant-Id": tenantId };
}

/** A service whose free plan grants 100 tokens, and that sells the pack "growth", no more "old". */
export async function startTokenService(): Promise<TestService> {
  const service = await startTestService();
  const { store } = service;
  const catalog = (await store.catalog.read()) ?? expect.fail("no catalogue");
  const plans = catalog.plans.map((plan) =>
    plan.slug === "free" ? { ...plan, tokensIncludedMonth: 100 } : plan,
  );
  const growth = {
    slug: "growth",
    name: "Growth",
    active: true,
    tokens: 50_000,
    amount: 2_000,
    currency: "eur",
    productId: "prod_growth",
    priceId: "price_growth",
  };
  const old = { ...growth, slug: "old", active: false };
  await store.catalog.save({ ...catalog, plans, packs: [growth, old] });
  return service;
}

/** A balance of the free plan's tokens. */
export function balance(monthly: number, reserved = 0) {
  return { monthly, packs: 0, debt: 0, reserved, available: monthly };
}
