import { createBilling } from "@mailingcore/billing";
import { reservedTokens, tokenGuard } from "@mailingcore/billing/express";
import { openSqliteStore } from "@mailingcore/billing/sqlite";
import { connectStripe } from "@mailingcore/billing/stripe";
import express from "express";

const { BILLING_DB = "./data/billing.db", LEDGER_KEYS = "" } = process.env;
const { STRIPE_SECRET_KEY = "", STRIPE_WEBHOOK_SECRET = "" } = process.env;

export const billing = createBilling({
  store: openSqliteStore(BILLING_DB),
  payments: connectStripe({
    secretKey: STRIPE_SECRET_KEY,
    webhookSecrets: [STRIPE_WEBHOOK_SECRET],
  }),
  settings: {
    livemode: false,
    dashboardUrl: "https://app.example.com/billing",
    ledgerKeys: LEDGER_KEYS.split(","),
  },
  workersElsewhere: true,
});

/** Your model: it says what it has cost. */
async function complete(prompt: string): Promise<{ text: string; tokens: number }> {
  return { text: prompt.toUpperCase(), tokens: prompt.length };
}

export const app = express();
app.use(express.json());
app.post(
  "/complete",
  tokenGuard(billing, {
    tokens: (request) => request.body.maxTokens,
    tenant: (request) => request.get("X-Tenant-Id") ?? "",
    reason: "template assistant",
  }),
  async (request, response) => {
    const { text, tokens } = await complete(request.body.prompt);
    await reservedTokens(request)?.commit(tokens);
    response.json({ text });
  },
);
