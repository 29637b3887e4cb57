import { createServer, type Server } from "node:http";
import { Stripe } from "stripe";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../sandbox/mod.ts";

/** The base clock of every rig unless a test says otherwise: the 31st of a month. */
export const START = "2026-01-31T10:00:00.000Z";

export const SECRET = "whsec_test_of_the_sandbox";

/** An HTTP request that the receiver got, its signature verified. */
export interface Received {
  event: Stripe.Event;
  signature: string;
}

/** A webhook consumer that checks every signature and remembers what came. */
export interface Receiver {
  url: string;
  received: Received[];
  /** The answer to the nth request, counted from 0; 200 by default. */
  answer: (event: Stripe.Event, index: number) => { status: number; location?: string };
  types(): string[];
  /** Resolves once `count` requests have come. */
  arrived(count: number): Promise<void>;
}

/** A sandbox with a client of stripe-node and a webhook consumer. */
export interface Rig {
  sandbox: Sandbox;
  stripe: Stripe;
  receiver: Receiver;
  control(method: "GET" | "POST", path: string, body?: unknown): Promise<ControlAnswer>;
  advance(move: object): Promise<void>;
}

export interface ControlAnswer {
  status: number;
  // The control API's answers are read field by field in the tests.
  body: Record<string, unknown>;
}

const cleanups: (() => Promise<void>)[] = [];

/** Stops everything that rigs of the last test started. */
export async function stopRigs(): Promise<void> {
  for (const cleanup of cleanups.splice(0).reverse()) {
    await cleanup();
  }
}

/** Starts a rig on free ports with a clock that stands still unless it is moved. */
export async function startRig(options: SandboxOptions = {}): Promise<Rig> {
  const receiver = await startReceiver();
  const sandbox = await startSandbox({
    port: 0,
    now: () => Date.parse(START),
    retryDelaysMs: [5, 5, 5],
    webhookEndpoints: [{ url: receiver.url, secret: SECRET }],
    ...options,
  });
  cleanups.push(() => sandbox.close());
  const control = controlOf(sandbox);
  return {
    sandbox,
    stripe: clientOf(sandbox),
    receiver,
    control,
    advance: async (move) => {
      const { status, body } = await control("POST", "/clock", move);
      if (status !== 200) {
        throw new Error(`Cannot advance the clock: ${JSON.stringify(body)}`);
      }
    },
  };
}

/** A client of stripe-node for a sandbox. */
export function clientOf(sandbox: Sandbox, key = "sk_test_rig"): Stripe {
  const { host, port } = sandbox;
  return new Stripe(key, {
    host,
    port,
    protocol: "http",
    telemetry: false,
    maxNetworkRetries: 0,
  });
}

/** Starts a webhook consumer of its own, which knows a signing secret. */
export async function startReceiver(secret = SECRET): Promise<Receiver> {
  const waiting: { count: number; resolve: () => void }[] = [];
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk);
    }
    const signature = String(request.headers["stripe-signature"]);
    const payload = Buffer.concat(chunks).toString("utf8");
    const event = await Stripe.webhooks.constructEventAsync(payload, signature, secret);
    const { status, location } = receiver.answer(event, received.length);
    received.push({ event, signature });
    response.writeHead(status, location === undefined ? {} : { location }).end();
    for (const { count, resolve } of waiting) {
      if (received.length >= count) {
        resolve();
      }
    }
  });
  const port = await listen(server);
  cleanups.push(() => stop(server));
  const receiver: Receiver = {
    url: `http://127.0.0.1:${port}/webhook`,
    received,
    answer: () => ({ status: 200 }),
    types: () => received.map(({ event }) => event.type),
    arrived: (count) =>
      new Promise((resolve) => {
        waiting.push({ count, resolve });
        if (received.length >= count) {
          resolve();
        }
      }),
  };
  return receiver;
}

/** A customer, a product and a price, and what they are called. */
export interface Catalog {
  customer: Stripe.Customer;
  product: Stripe.Product;
  price: Stripe.Price;
}

/** Creates a tenant's customer and a plan of 49 dollars a month, or as `price` says. */
export async function seed(
  { stripe }: Rig,
  price: Partial<Stripe.PriceCreateParams> = {},
): Promise<Catalog> {
  const customer = await stripe.customers.create({
    email: "owner@example.com",
    name: "Tenant 01",
    metadata: { tenantId: "tnt_01" },
  });
  const product = await stripe.products.create({ name: "Pro" });
  const created = await stripe.prices.create({
    product: product.id,
    currency: "usd",
    unit_amount: 4900,
    recurring: { interval: "month" },
    ...price,
  });
  return { customer, product, price: created };
}

/** Opens a Checkout Session for a catalog's plan. */
export function openCheckout(
  { stripe }: Rig,
  { customer, price }: Pick<Catalog, "customer" | "price">,
  params: Partial<Stripe.Checkout.SessionCreateParams> = {},
): Promise<Stripe.Checkout.Session> {
  return stripe.checkout.sessions.create({
    mode: "subscription",
    customer: customer.id,
    line_items: [{ price: price.id, quantity: 1 }],
    success_url: "https://app.example.com/done?session={CHECKOUT_SESSION_ID}",
    cancel_url: "https://app.example.com/plans",
    metadata: { tenantId: "tnt_01" },
    subscription_data: { metadata: { tenantId: "tnt_01" } },
    ...params,
  });
}

/** Buys the plan without the page; returns the subscription once all webhooks are delivered. */
export async function subscribe(
  rig: Rig,
  catalog: Pick<Catalog, "customer" | "price">,
  card = "4242424242424242",
): Promise<Stripe.Subscription> {
  const session = await openCheckout(rig, catalog);
  const { status, body } = await rig.control("POST", `/checkout/${session.id}/complete`, { card });
  if (status !== 200) {
    throw new Error(`Cannot complete the checkout: ${JSON.stringify(body)}`);
  }
  await rig.sandbox.settled();
  return rig.stripe.subscriptions.retrieve(String(body.subscription));
}

/** The error that a call of stripe-node is refused with. */
export async function refusal(call: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError) {
      return error;
    }
    throw error;
  }
  throw new Error("The call was expected to be refused");
}

function controlOf(sandbox: Sandbox): Rig["control"] {
  return async (method, path, body) => {
    const response = await fetch(`${sandbox.url}/_sandbox${path}`, {
      method,
      ...(method === "POST" && {
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body ?? {}),
      }),
    });
    const answer: unknown = await response.json();
    return { status: response.status, body: { ...(answer as object) } };
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
