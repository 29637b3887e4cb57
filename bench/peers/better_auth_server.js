/**
 * better-auth with its Stripe plugin, on `node:sqlite` with durable commits, behind Node's HTTP
 * server: as its documentation wires it. It knows the tenants' subscriptions already.
 */
import { createServer } from "node:http";
import { DatabaseSync } from "node:sqlite";
import { stripe } from "@better-auth/stripe";
import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { toNodeHandler } from "better-auth/node";
import Stripe from "stripe";

const { path, webhookSecret, priceId, subscriptions } = JSON.parse(process.argv[2] ?? "");
const database = new DatabaseSync(path);
database.exec("PRAGMA journal_mode = wal; PRAGMA synchronous = FULL");
const options = {
  database,
  secret: "3c0f9a7e51d2486bb8a4f07d6e93c215a8e1b07f4d6c29e3",
  baseURL: "http://127.0.0.1",
  telemetry: { enabled: false },
  plugins: [
    stripe({
      stripeClient: new Stripe("sk_test_bench"),
      stripeWebhookSecret: webhookSecret,
      createCustomerOnSignUp: false,
      subscription: { enabled: true, plans: [{ name: "pro", priceId }] },
    }),
  ],
};
await (await getMigrations(options)).runMigrations();
const insert = database.prepare(
  `INSERT INTO subscription (id, plan, referenceId, stripeCustomerId, stripeSubscriptionId, status)
    VALUES (?, 'pro', ?, ?, ?, 'active')`,
);
for (const { tenantId, customerId, subscriptionId } of subscriptions) {
  insert.run(`of_${tenantId}`, tenantId, customerId, subscriptionId);
}
const server = createServer(toNodeHandler(betterAuth(options)));
server.listen(0, "127.0.0.1", () => {
  process.send?.({ url: `http://127.0.0.1:${server.address().port}` });
});
process.once("SIGTERM", () => process.exit(0));
