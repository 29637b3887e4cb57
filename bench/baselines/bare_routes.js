/**
 * The routes that somebody would write by hand, without any of this service's promises but that
 * what was answered is stored: bare Express, Stripe's own check of signatures, jsonwebtoken, and
 * one prepared statement on a durable database. Plain JavaScript, without ETags and logs.
 */
import { createSecretKey } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import express from "express";
import jwt from "jsonwebtoken";
import { Stripe } from "stripe";

const { path, jwtSecret, webhookSecret, limit } = JSON.parse(process.argv[2] ?? "");
const database = new DatabaseSync(path);
database.exec(`
  PRAGMA journal_mode = wal;
  PRAGMA synchronous = FULL;
  CREATE TABLE events (id TEXT PRIMARY KEY, type TEXT, payload TEXT) STRICT;
  CREATE TABLE subscriptions (tenant TEXT PRIMARY KEY, body TEXT) STRICT;
  CREATE TABLE counters (tenant TEXT PRIMARY KEY, used INTEGER) STRICT`);
const insertEvent = database.prepare("INSERT INTO events VALUES (?, ?, ?) ON CONFLICT DO NOTHING");
const saveSubscription = database.prepare("INSERT INTO subscriptions VALUES (?, ?)");
const findSubscription = database.prepare("SELECT body FROM subscriptions WHERE tenant = ?");
const openCounter = database.prepare("INSERT INTO counters VALUES (?, 0)");
const consume = database.prepare(
  "UPDATE counters SET used = used + ? WHERE tenant = ? AND used + ? <= ? RETURNING used",
);
const stripe = new Stripe("sk_test_bench");
const key = createSecretKey(Buffer.from(jwtSecret));
const app = express().disable("etag").disable("x-powered-by");

/** Whom a token lets act for the tenant in the header; answers 401 or 403 for others. */
function authenticate(request, response, next) {
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
  try {
    const { tenants, scope } = jwt.verify(token ?? "", key, { algorithms: ["HS256"] });
    const tenant = request.headers["x-tenant-id"];
    if (scope === undefined && !tenants.some(({ id }) => id === tenant)) {
      response.sendStatus(403);
      return;
    }
    request.tenant = tenant;
    next();
  } catch {
    response.sendStatus(401);
  }
}

function verified(request) {
  return stripe.webhooks.constructEvent(
    request.body,
    request.headers["stripe-signature"],
    webhookSecret,
  );
}

const raw = express.raw({ type: "*/*", limit: "1mb" });
app.post("/verified", raw, (request, response) => {
  verified(request);
  response.json({ received: true });
});
app.post("/stored", raw, (request, response) => {
  const { id, type } = verified(request);
  insertEvent.run(id, type, request.body.toString("utf8"));
  response.json({ received: true });
});
app.get("/subscription", authenticate, (request, response) => {
  response.json(JSON.parse(findSubscription.get(request.tenant).body));
});
app.post("/subscription", authenticate, express.json(), (request, response) => {
  saveSubscription.run(request.tenant, JSON.stringify(request.body));
  openCounter.run(request.tenant);
  response.json({});
});
app.post("/usage/emails", authenticate, express.json(), (request, response) => {
  const { count } = request.body;
  const row = consume.get(count, request.tenant, count, limit);
  response.status(row === undefined ? 429 : 200).json({ used: row?.used, limit });
});

const server = app.listen(0, "127.0.0.1", () => {
  process.send?.({ url: `http://127.0.0.1:${server.address().port}` });
});
process.once("SIGTERM", () => process.exit(0));
