import { createBilling } from "@mailingcore/billing";
import { openSqliteStore } from "@mailingcore/billing/sqlite";
import { connectStripe } from "@mailingcore/billing/stripe";
import { pino } from "pino";

const { BILLING_DB = "./data/billing.db", LOG_LEVEL = "info" } = process.env;
const { STRIPE_SECRET_KEY = "", STRIPE_WEBHOOK_SECRET = "", STRIPE_URL } = process.env;

export const billing = createBilling({
  store: openSqliteStore(BILLING_DB),
  payments: connectStripe({
    secretKey: STRIPE_SECRET_KEY,
    webhookSecrets: [STRIPE_WEBHOOK_SECRET],
    ...(STRIPE_URL && { baseUrl: STRIPE_URL }),
  }),
  settings: {
    livemode: false,
    dashboardUrl: "https://app.example.com/billing",
    webhooksToPrivateAddresses: process.env.WEBHOOKS_TO_PRIVATE_ADDRESSES === "true",
  },
});

export const heard: string[] = [];
billing.on("subscription.activated", ({ tenantId }) => {
  heard.push(`${tenantId} has paid`);
});
billing.startWorkers({ logger: pino({ level: LOG_LEVEL }) });
process.once("SIGTERM", () => void billing.close());
