// A shop that sells subscriptions through better-auth's Stripe plugin. Its parameters are the
// sandbox's URL, the webhook's secret and the plans as JSON; it prints its own URL, where every page
// shows the subscriptions that are stored.
import { createServer } from "node:http";
import process from "node:process";
import { stripe } from "@better-auth/stripe";
import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { toNodeHandler } from "better-auth/node";
import Stripe from "stripe";

const [sandboxUrl, stripeWebhookSecret, plans] = process.argv.slice(2);
const { hostname: host, port } = new URL(sandboxUrl);
const stripeClient = new Stripe("sk_test_better_auth", { host, port, protocol: "http" });
const database = { user: [], session: [], account: [], verification: [], subscription: [] };
let handle;

const server = createServer((request, response) => {
  if (request.url.startsWith("/api/auth/")) {
    handle(request, response);
  } else {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(database.subscription));
  }
});

server.listen(0, "127.0.0.1", () => {
  const baseURL = `http://127.0.0.1:${server.address().port}`;
  const auth = betterAuth({
    baseURL,
    secret: "a secret of at least thirty-two characters",
    database: memoryAdapter(database),
    emailAndPassword: { enabled: true },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    plugins: [
      stripe({
        stripeClient,
        stripeWebhookSecret,
        createCustomerOnSignUp: true,
        subscription: { enabled: true, plans: JSON.parse(plans) },
      }),
    ],
  });
  handle = toNodeHandler(auth);
  process.stdout.write(`${baseURL}\n`);
});
