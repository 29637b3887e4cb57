import { createQuota, limitGuard } from "@mailingcore/billing/quota";
import { openSqliteStore } from "@mailingcore/billing/sqlite";
import express, { type Request } from "express";

const { BILLING_DB = "./data/billing.db" } = process.env;

export const billing = createQuota({ store: openSqliteStore(BILLING_DB) });

const domains = new Map<string, string[]>();

export const app = express();
app.use(express.json());
app.post(
  "/domains",
  limitGuard(billing, {
    of: "domains",
    count: (request: Request) => (domains.get(request.get("X-Tenant-Id") ?? "") ?? []).length + 1,
    tenant: (request) => request.get("X-Tenant-Id") ?? "",
  }),
  (request, response) => {
    const tenantId = request.get("X-Tenant-Id") ?? "";
    domains.set(tenantId, [...(domains.get(tenantId) ?? []), request.body.name]);
    response.status(201).json({ name: request.body.name });
  },
);
