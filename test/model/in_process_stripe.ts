import { Stripe } from "stripe";
import type { Account } from "../../sandbox/account.ts";
import { checkoutSessionRoutes } from "../../sandbox/api/checkout_sessions.ts";
import { customerRoutes } from "../../sandbox/api/customers.ts";
import { eventRoutes } from "../../sandbox/api/events.ts";
import { expand } from "../../sandbox/api/expansion.ts";
import { parseForm } from "../../sandbox/api/form.ts";
import { fingerprintOf, IdempotencyKeys } from "../../sandbox/api/idempotency.ts";
import { invoicePreviewRoutes } from "../../sandbox/api/invoice_preview.ts";
import { invoiceRoutes } from "../../sandbox/api/invoices.ts";
import { lookupRoutes } from "../../sandbox/api/lookups.ts";
import { portalConfigurationRoutes } from "../../sandbox/api/portal_configurations.ts";
import { portalSessionRoutes } from "../../sandbox/api/portal_sessions.ts";
import { priceRoutes } from "../../sandbox/api/prices.ts";
import { productRoutes } from "../../sandbox/api/products.ts";
import { refundRoutes } from "../../sandbox/api/refunds.ts";
import type { Route } from "../../sandbox/api/route.ts";
import { subscriptionScheduleRoutes } from "../../sandbox/api/subscription_schedules.ts";
import { subscriptionRoutes } from "../../sandbox/api/subscriptions.ts";
import { webhookEndpointRoutes } from "../../sandbox/api/webhook_endpoints.ts";
import { RequestError } from "../../sandbox/engine/request_error.ts";
import { STRIPE_API_VERSION } from "../../src/adapters/stripe/create_stripe_client.ts";

const ROUTES: readonly Route[] = [
  ...checkoutSessionRoutes,
  ...customerRoutes,
  ...eventRoutes,
  ...invoicePreviewRoutes,
  ...invoiceRoutes,
  ...lookupRoutes,
  ...portalConfigurationRoutes,
  ...portalSessionRoutes,
  ...priceRoutes,
  ...productRoutes,
  ...refundRoutes,
  ...subscriptionScheduleRoutes,
  ...subscriptionRoutes,
  ...webhookEndpointRoutes,
];

/** What the network and Stripe do to one request. */
export interface Weather {
  /** Called before a request is executed; may wait, or throw as a broken connection does. */
  before(method: string, path: string): Promise<void>;
  /** A failure that Stripe answers instead of executing the request. */
  refusal(method: string, path: string): { status: number; error: object } | undefined;
  /** Called after the request was executed, before the answer arrives; may wait or throw. */
  after(method: string, path: string): Promise<void>;
}

/**
 * A client of stripe-node whose requests reach the sandbox without a socket, so that thousands of
 * histories fit into minutes. It does not repeat requests itself: repeating is ours.
 */
export function inProcessStripe(account: Account, weather: Weather): Stripe {
  const keys = new IdempotencyKeys(account.state.idempotentAnswers);

  async function send(input: unknown, init?: RequestInit): Promise<Response> {
    const method = init?.method ?? "GET";
    const { pathname, search } = new URL(String(input));
    await weather.before(method, pathname);
    const refused = weather.refusal(method, pathname);
    const form = [search.slice(1), typeof init?.body === "string" ? init.body : ""]
      .filter((part) => part !== "")
      .join("&");
    const key = new Headers(init?.headers).get("Idempotency-Key");
    const { status, body } =
      refused === undefined
        ? answer(account, keys, { method, pathname, form, key: method === "POST" ? key : null })
        : { status: refused.status, body: JSON.stringify({ error: refused.error }) };
    await weather.after(method, pathname);
    return new Response(body, { status, headers: { "Content-Type": "application/json" } });
  }

  return new Stripe("sk_test_model", {
    apiVersion: STRIPE_API_VERSION,
    maxNetworkRetries: 0,
    telemetry: false,
    httpClient: Stripe.createFetchHttpClient(send),
  });
}

function answer(
  account: Account,
  keys: IdempotencyKeys,
  request: { method: string; pathname: string; form: string; key: string | null },
): { status: number; body: string } {
  const { method, pathname, form, key } = request;
  const { route, id } = find(method, pathname);
  const fingerprint = fingerprintOf(method, pathname, form);
  try {
    const known = key === null ? undefined : keys.claim(key, fingerprint, account.baseNowMs());
    if (known !== undefined) {
      return known;
    }
    const { expand: _, ...params } = parseForm(form);
    const run = route.prepare(params, id);
    const object = account.transact(run, { id: "req_model", idempotency_key: key });
    const body = JSON.stringify(expand(account.state, object, route.returns, []));
    const executed = { status: 200, body };
    if (key !== null) {
      keys.store(key, { fingerprint, storedAtMs: account.baseNowMs(), ...executed });
    }
    return executed;
  } catch (error) {
    if (error instanceof RequestError) {
      const { status, ...details } = error.details;
      return { status, body: JSON.stringify({ error: { ...details, message: error.message } }) };
    }
    throw error;
  } finally {
    if (key !== null) {
      keys.release(key);
    }
  }
}

function find(method: string, pathname: string): { route: Route; id: string } {
  for (const route of ROUTES.filter((candidate) => candidate.method === method)) {
    const pattern = new RegExp(`^${route.path.replace(":id", "([^/]+)")}$`);
    const match = pattern.exec(pathname);
    if (match !== null) {
      return { route, id: match[1] ?? "" };
    }
  }
  throw new TypeError(`Cannot answer ${method} ${pathname}: the model has no such route`);
}
