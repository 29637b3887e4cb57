import { countedRequest, createQuota, quotaGuard } from "@mailingcore/billing/quota";
import { openSqliteStore } from "@mailingcore/billing/sqlite";
import express, { type Request } from "express";

const { BILLING_DB = "./data/billing.db" } = process.env;

export const billing = createQuota({ store: openSqliteStore(BILLING_DB) });

export const queue: { tenantId: string; to: string[]; subject: string }[] = [];

export const app = express();
app.use(express.json());
app.post(
  "/emails",
  quotaGuard(billing, {
    tenant: (request: Request) => request.get("X-Tenant-Id") ?? "",
    count: (request) => request.body.to.length,
  }),
  async (request, response) => {
    const { to, subject } = request.body;
    if (subject === undefined) {
      response.status(422).json({ message: "An e-mail needs a subject" });
      return;
    }
    queue.push({ tenantId: request.get("X-Tenant-Id") ?? "", to, subject });
    countedRequest(request)?.queued();
    response.status(202).json({ queued: to.length });
  },
);
