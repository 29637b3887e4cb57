// A shop that sells one subscription. In one terminal:
//
//   npx stripe-sandbox --webhook http://127.0.0.1:3000/webhook
//
// In another, with the secret that it prints, and then open http://127.0.0.1:3000:
//
//   STRIPE_WEBHOOK_SECRET=whsec_... node express_shop.js
import process from "node:process";
import express from "express";
import { Stripe } from "stripe";

const { STRIPE_API = "http://127.0.0.1:12111", STRIPE_WEBHOOK_SECRET = "" } = process.env;
const api = new URL(STRIPE_API);
const stripe = new Stripe(process.env.STRIPE_SECRET_KEY ?? "sk_test_sandbox", {
  protocol: "http",
  host: api.hostname,
  port: api.port,
});

/** Who has paid, by the id of the subscription. In a real shop this is a table of a database. */
const subscribers = new Map();

const app = express();

app.get("/", (_request, response) => {
  const names = [...subscribers.values()].join(", ");
  response.send(`<p>Subscribers: ${names || "nobody yet"}</p>
<form method="post" action="/buy"><button>Subscribe</button></form>`);
});

app.post("/buy", async (request, response) => {
  const shop = `http://${request.get("host")}`;
  const session = await stripe.checkout.sessions.create({
    mode: "subscription",
    line_items: [{ price: await priceId(), quantity: 1 }],
    success_url: `${shop}/thanks`,
    cancel_url: shop,
  });
  response.redirect(303, session.url);
});

app.get("/thanks", (_request, response) => {
  response.send('<p>Thank you!</p><p><a href="/">Back to the shop</a></p>');
});

// The raw body is what was signed, so that no JSON parser may come before this.
app.post("/webhook", express.raw({ type: "application/json" }), async (request, response) => {
  const signature = request.get("stripe-signature") ?? "";
  let event;
  try {
    event = stripe.webhooks.constructEvent(request.body, signature, STRIPE_WEBHOOK_SECRET);
  } catch {
    response.sendStatus(400);
    return;
  }
  if (event.type === "checkout.session.completed") {
    const { subscription, customer_details: details } = event.data.object;
    subscribers.set(subscription, details.email);
  } else if (event.type === "customer.subscription.deleted") {
    subscribers.delete(event.data.object.id);
  }
  response.sendStatus(200);
});

/** The price of the shop's one plan, made when it is first needed. */
async function priceId() {
  const { data } = await stripe.prices.list({ lookup_keys: ["shop_monthly"] });
  if (data.length > 0) {
    return data[0].id;
  }
  const price = await stripe.prices.create({
    currency: "usd",
    unit_amount: 900,
    recurring: { interval: "month" },
    product_data: { name: "Shop membership" },
    lookup_key: "shop_monthly",
  });
  return price.id;
}

const server = app.listen(Number(process.env.PORT ?? 3000), "127.0.0.1", () => {
  process.stdout.write(`Shop on http://127.0.0.1:${server.address().port}\n`);
});
