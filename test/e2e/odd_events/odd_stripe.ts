import type { IncomingMessage, ServerResponse } from "node:http";
import { fixture, type Json, page } from "../../adapters/stripe/fixture.ts";
import { type LocalServer, startLocalServer } from "../../adapters/stripe/local_server.ts";

/** What "Stripe" knows of one customer. */
export interface OddCustomer {
  /** The customer itself; `undefined` where there is none with this id. */
  readonly customer?: Json;
  readonly subscriptions?: readonly Json[];
  readonly invoices?: readonly Json[];
  /** All items of subscriptions whose own list is cut off. */
  readonly items?: readonly Json[];
  /** All lines of invoices whose own list is cut off. */
  readonly lines?: readonly Json[];
}

/** A "Stripe" that answers reads with whatever it was given, however odd. */
export interface OddStripe extends LocalServer {
  /** How many requests came so far. */
  readonly requests: number;
  /** Puts a customer in place; nothing is known of any other. */
  know(customerId: string, known: OddCustomer): void;
}

/** Starts an odd "Stripe" on a free port. */
export async function startOddStripe(): Promise<OddStripe> {
  const known = new Map<string, OddCustomer>();
  let requests = 0;
  const server = await startLocalServer((request, response) => {
    requests += 1;
    const answer = answerTo(request, known);
    reply(response, answer ?? missing(), answer === undefined ? 404 : 200);
  });
  return {
    ...server,
    get requests() {
      return requests;
    },
    know: (customerId, customer) => void known.set(customerId, customer),
  };
}

function answerTo(request: IncomingMessage, known: Map<string, OddCustomer>): Json | undefined {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://stripe");
  const [, , collection, id, nested] = pathname.split("/");
  const all = [...known.values()];
  const bySubscription = (wanted: string | null) =>
    all.find(({ subscriptions = [] }) => subscriptions.some((found) => found.id === wanted));
  const byInvoice = (wanted: string | undefined) =>
    all.find(({ invoices = [] }) => invoices.some((found) => found.id === wanted));
  switch (nested ?? collection) {
    case "customers":
      return known.get(id ?? "")?.customer;
    case "subscriptions": {
      const found = known.get(searchParams.get("customer") ?? "");
      return found?.customer && page(found.subscriptions ?? []);
    }
    case "invoices":
      return page(known.get(searchParams.get("customer") ?? "")?.invoices ?? []);
    case "invoiceitems":
      return page([]);
    case "prices":
      return id === "price_1QvStarterMonthly"
        ? fixture("price", { id, product: "prod_QvStarter" })
        : fixture("price");
    case "subscription_items":
      return page(bySubscription(searchParams.get("subscription"))?.items ?? []);
    case "lines":
      return page(byInvoice(id)?.lines ?? []);
    default:
      return undefined;
  }
}

function missing(): Json {
  const message = "No such object";
  return { error: { type: "invalid_request_error", code: "resource_missing", message } };
}

function reply(response: ServerResponse, body: Json, status: number): void {
  response.writeHead(status, { "content-type": "application/json", "request-id": "req_odd" });
  response.end(JSON.stringify(body));
}
