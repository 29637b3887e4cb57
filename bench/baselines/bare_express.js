/**
 * What starting and memory are measured by: bare Express and `node:sqlite` with a route that reads
 * a row, and nothing else. Plain JavaScript.
 */
import { DatabaseSync } from "node:sqlite";
import express from "express";

const { path, port = 0 } = JSON.parse(process.argv[2] ?? "");
const database = new DatabaseSync(path);
database.exec(`
  PRAGMA journal_mode = wal;
  PRAGMA synchronous = FULL;
  CREATE TABLE IF NOT EXISTS subscriptions (tenant TEXT PRIMARY KEY, body TEXT) STRICT`);
const find = database.prepare("SELECT body FROM subscriptions WHERE tenant = ?");
const save = database.prepare("INSERT OR REPLACE INTO subscriptions VALUES (?, ?)");
const app = express().disable("etag").disable("x-powered-by");
app.get("/subscription", (request, response) => {
  response.json(JSON.parse(find.get(request.headers["x-tenant-id"]).body));
});
app.post("/subscription", express.json(), (request, response) => {
  save.run(request.headers["x-tenant-id"], JSON.stringify(request.body));
  response.json({});
});
app.get("/healthz", (_request, response) => response.json({ status: "ok" }));

const server = app.listen(port, "127.0.0.1", () => {
  process.send?.({ url: `http://127.0.0.1:${server.address().port}` });
});
process.once("SIGTERM", () => process.exit(0));
