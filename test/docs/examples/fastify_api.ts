import { createQuota, quotaDecision } from "@mailingcore/billing/quota";
import { openSqliteStore } from "@mailingcore/billing/sqlite";
import { type FastifyRequest, fastify } from "fastify";

const { BILLING_DB = "./data/billing.db" } = process.env;

export const billing = createQuota({ store: openSqliteStore(BILLING_DB) });

const decide = quotaDecision(billing, {
  tenant: (request: FastifyRequest) => String(request.headers["x-tenant-id"]),
  count: (request) => (request.body as { to: string[] }).to.length,
});

export const app = fastify();
app.post("/emails", {
  preHandler: async (request, reply) => {
    const decision = await decide(request);
    reply.headers(decision.headers);
    if (!decision.allowed) {
      return reply.code(decision.statusCode).send(decision.body);
    }
    reply.raw.once("finish", () => void decision.settle(reply.statusCode).catch(request.log.error));
  },
  handler: async (request, reply) => {
    const { to, subject } = request.body as { to: string[]; subject?: string };
    return reply.code(subject === undefined ? 422 : 202).send({ queued: to.length });
  },
});
