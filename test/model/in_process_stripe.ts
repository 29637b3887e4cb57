import { Stripe } from "stripe";
import type { Account } from "../../sandbox/account.ts";
import { expand } from "../../sandbox/api/expansion/expand.ts";
import { parseForm } from "../../sandbox/api/form.ts";
import { fingerprintOf, IdempotencyKeys } from "../../sandbox/api/idempotency.ts";
import { list, text } from "../../sandbox/api/params.ts";
import type { Route } from "../../sandbox/api/route.ts";
import { ROUTES } from "../../sandbox/api/routes.ts";
import { RequestError } from "../../sandbox/engine/request_error.ts";
import { STRIPE_API_VERSION } from "../../src/adapters/stripe/create_stripe_client.ts";

const readExpansions = list(text);

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
    const known = key === null ? undefined : keys.claim(key, fingerprint, account.nowMs());
    if (known !== undefined) {
      return known;
    }
    const { expand: wanted, ...params } = parseForm(form);
    const expansions = readExpansions(wanted, "expand") ?? [];
    const run = route.prepare(params, { id, second: "" });
    const object = account.transact(run, [], { id: "req_model", idempotency_key: key });
    const body = JSON.stringify(expand(account.state, object, route.returns, expansions));
    const executed = { status: 200, body };
    if (key !== null) {
      keys.store(key, { fingerprint, storedAtMs: account.nowMs(), ...executed });
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
