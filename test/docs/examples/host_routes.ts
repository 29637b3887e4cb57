import { createBilling } from "@mailingcore/billing";
import { createBillingRouter } from "@mailingcore/billing/express";
import { openSqliteStore } from "@mailingcore/billing/sqlite";
import { connectStripe } from "@mailingcore/billing/stripe";
import express from "express";
import { pino } from "pino";

const { BILLING_DB = "./data/billing.db", LEDGER_KEYS = "", LOG_LEVEL = "info" } = process.env;
const { STRIPE_SECRET_KEY = "", STRIPE_WEBHOOK_SECRET = "", STRIPE_URL } = process.env;

const logger = pino({ level: LOG_LEVEL });

export const billing = createBilling({
  store: openSqliteStore(BILLING_DB),
  payments: connectStripe({
    secretKey: STRIPE_SECRET_KEY,
    webhookSecrets: [STRIPE_WEBHOOK_SECRET],
    ...(STRIPE_URL && { baseUrl: STRIPE_URL }),
  }),
  settings: {
    livemode: STRIPE_SECRET_KEY.includes("_live_"),
    dashboardUrl: "https://app.example.com/billing",
    ledgerKeys: LEDGER_KEYS.split(","),
  },
});
billing.startWorkers({ logger });

/** Your own sessions. */
const sessions = new Map([
  ["ada", { userId: "ada", teams: [{ id: "clhosted001", role: "OWNER" }] }],
]);

export const app = express();
app.use(
  "/billing",
  createBillingRouter({
    billing,
    logger,
    authenticate: (request) => {
      const session = sessions.get(request.get("X-Session") ?? "");
      return session ? { userId: session.userId, claims: { tenants: session.teams } } : null;
    },
  }),
);
app.use(express.json());
