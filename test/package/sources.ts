/** Counts two e-mails of a tenant and prints what is used; `quota` and `sqlite` are the entries. */
export const COUNT = `
  const store = sqlite.openSqliteStore(":memory:");
  const plan = { slug: "free", name: "Free", rank: 1, active: true, monthlyEmailLimit: 100,
    tokensIncludedMonth: 0, maxDomains: 1, maxMembers: 1, maxTemplates: 1, productId: null, prices: [] };
  const catalog = { revision: 0, plans: [plan], packs: [], portalConfigurationId: null,
    planChangeConfigurationId: null };
  store.catalog.save(catalog).then(async () => {
    const billing = quota.createQuota({ store });
    const { quota: { used } } = await billing.consumeEmailQuota.execute({ tenantId: "clacme0001", count: 2 });
    const { allowed } = await billing.checkLimit.execute({ tenantId: "clacme0001", of: "domains", count: 2 });
    await billing.close();
    console.log(JSON.stringify({ used, allowed }));
  });
`;
export const IMPORTS = `import * as quota from "@mailingcore/billing/quota";
import * as sqlite from "@mailingcore/billing/sqlite";
`;
export const REQUIRES = `const quota = require("@mailingcore/billing/quota");
const sqlite = require("@mailingcore/billing/sqlite");
`;
export const AWAITS = `(async () => {
  const quota = await import("@mailingcore/billing/quota");
  const sqlite = await import("@mailingcore/billing/sqlite");
  ${COUNT}
})();
`;
export const USES_TYPES = `import { createBilling, type EmbeddedBilling } from "@mailingcore/billing";
import { createQuota, quotaGuard } from "@mailingcore/billing/quota";
import { openSqliteStore } from "@mailingcore/billing/sqlite";
const quota = createQuota({ store: openSqliteStore(":memory:"), settings: { graceDays: 3 } });
export const guard = quotaGuard(quota, { count: () => 1, tenant: () => "clacme0001" });
export const create: (options: Parameters<typeof createBilling>[0]) => EmbeddedBilling = createBilling;
// @ts-expect-error a count is a number
quota.consumeEmailQuota.execute({ tenantId: "clacme0001", count: "2" });
`;
/** Uses the types of every entry, by name. */
export function usesAllTypes(entries: readonly string[]): string {
  const all = entries.map((entry, index) => {
    const specifier = entry.replace(".", "@mailingcore/billing");
    return `export * as entry${index} from "${specifier}";`;
  });
  return [...all, USES_PEERS].join("\n");
}

/** Loads every entry and prints how many have something to import. */
export function loadsAll(entries: readonly string[]): string {
  const specifiers = entries.map((entry) => entry.replace(".", "@mailingcore/billing"));
  return `const loaded = await Promise.all(
    ${JSON.stringify(specifiers)}.map((specifier) => import(specifier)),
  );
  console.log(JSON.stringify(loaded.filter((entry) => Object.keys(entry).length > 0).length));
  process.exit();`;
}

const USES_PEERS = `${USES_TYPES}
import { createDashboard } from "@mailingcore/billing/dashboard";
import { createBillingRouter, quotaGuard as expressGuard } from "@mailingcore/billing/express";
import { openMongoStore } from "@mailingcore/billing/mongodb";
import { connectStripe } from "@mailingcore/billing/stripe";
import express from "express";
export const app = express();
app.post("/", expressGuard(quota, { count: (request) => request.body.to.length, tenant: () => "" }));
export const mount = (options: Parameters<typeof createBillingRouter>[0]) =>
  app.use("/billing", createBillingRouter(options));
export { connectStripe, createDashboard, openMongoStore };
`;

/** What the programs above print. */
export const COUNTED = { used: 2, allowed: false };
