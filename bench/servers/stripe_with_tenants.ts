import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { Account } from "../../sandbox/account.ts";
import { createApi } from "../../sandbox/api/api.ts";
import type { FormHash } from "../../sandbox/api/form.ts";
import { ROUTES } from "../../sandbox/api/routes.ts";
import { completeSession } from "../../sandbox/engine/checkout/checkout.ts";
import { emptyState } from "../../sandbox/state/state.ts";

/**
 * A process that plays Stripe for many tenants, so that what the service needs for itself can be
 * measured in another one. It takes orders as messages and answers each with its state.
 */

/** What the process is told to do. */
export type StripeOrder =
  /** Makes tenants, numbered from `first`, who pay for the plan with this price by the month. */
  | {
      readonly order: "subscribe";
      readonly priceId: string;
      readonly first: number;
      readonly tenants: number;
    }
  /** Schedules cancellations for one tenant in so many, of whom nobody is told. */
  | { readonly order: "drift"; readonly oneIn: number }
  | { readonly order: "wait"; readonly hours: number };

/** How things are there. */
export interface StripeState {
  readonly url: string;
  readonly nowMs: number;
  readonly requests: number;
  readonly drifted: number;
}

const CARD = { number: "4242424242424242", expMonth: 12, expYear: 2035, email: null, name: null };
const NO_IDS = { id: "", second: "" };
const START_MS = Date.parse("2026-01-15T10:00:00Z");
const HOUR_MS = 3_600_000;

const account = new Account({ state: emptyState(), now: () => START_MS, deliver: () => undefined });
let requests = 0;
let drifted = 0;

function call(name: string, form: FormHash): string {
  const route = ROUTES.find(({ method, path }) => `${method} ${path}` === name);
  if (route === undefined) {
    throw new Error(`Cannot measure: the sandbox has no ${name}`);
  }
  const { id } = account.transact(route.prepare(form, NO_IDS)) as { id?: string };
  return id ?? "";
}

function subscribe(priceId: string, { first, tenants }: { first: number; tenants: number }): void {
  for (let number = first; number < first + tenants; number += 1) {
    const metadata = { tenantId: `clbench${number}` };
    const session = call("POST /v1/checkout/sessions", {
      customer: call("POST /v1/customers", { metadata }),
      mode: "subscription",
      line_items: [{ price: priceId, quantity: "1" }],
      success_url: "https://app.example.com/done",
      subscription_data: { metadata },
    });
    account.transact((tx) => {
      const open = tx.state.checkoutSessions.get(session);
      if (open !== undefined) {
        completeSession(tx, open, CARD);
      }
    });
    // Nobody reads them here, and they would take most of the memory.
    account.state.events.clear();
  }
}

function drift(oneIn: number): void {
  const all = [...account.state.subscriptions.values()];
  for (const { id } of all.filter((_, place) => place % oneIn === 0)) {
    const route = ROUTES.find(
      ({ method, path }) => method === "POST" && path === "/v1/subscriptions/:id",
    );
    account.transact(route?.prepare({ cancel_at_period_end: "true" }, { id, second: "" }) ?? never);
    drifted += 1;
  }
}

function never(): never {
  throw new Error("Cannot measure: the sandbox cannot change subscriptions");
}

const app = express();
app.disable("etag");
app.use((_request, _response, next) => {
  requests += 1;
  next();
});
const ignore = () => undefined;
app.use(createApi({ account, saved: async () => undefined, log: ignore, requested: ignore }));
const server = createServer(app).listen(0, "127.0.0.1");

process.on("message", (message: StripeOrder) => {
  switch (message.order) {
    case "subscribe":
      subscribe(message.priceId, message);
      break;
    case "drift":
      drift(message.oneIn);
      break;
    case "wait":
      account.advanceTo(account.nowMs() + message.hours * HOUR_MS);
      break;
    default:
      message satisfies never;
  }
  tell();
});
process.on("disconnect", () => server.close());
server.once("listening", tell);

function tell(): void {
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  account.baseUrl = url;
  process.send?.({ url, nowMs: account.nowMs(), requests, drifted } satisfies StripeState);
}
