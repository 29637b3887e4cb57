import { createHmac, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import jwt from "jsonwebtoken";
import { Stripe } from "stripe";
import { type Sandbox, startSandbox } from "../../sandbox/mod.ts";
import { openSqliteStore } from "../../src/adapters/sqlite/open_sqlite_store.ts";
import { connectStripe } from "../../src/adapters/stripe/connect_stripe.ts";
import type { CatalogDefinition } from "../../src/domain/catalog/catalog.ts";
import { createBilling } from "../../src/mod.ts";
import { Load, type Shot } from "../method/load.ts";
import { MeasuredServer } from "../method/measured_server.ts";

/** Never met, so that only counting is measured. */
export const EMAIL_LIMIT = 1_000_000_000;

const BARE_ROUTES = new URL("../baselines/bare_routes.js", import.meta.url);
const BILLING_SERVER = new URL("../servers/billing_server.ts", import.meta.url);
const JSON_TYPE = { "Content-Type": "application/json" };
const [PAID, SUBSCRIBED] = ["invoice.paid", "customer.subscription.created"] as const;

/** A tenant that pays for the plan "pro" at the sandbox. */
export interface BenchTenant {
  readonly id: string;
  readonly customerId: string;
  /** The events that told of its payment and of its subscription. */
  readonly paid: Stripe.Event;
  readonly subscribed: Stripe.Event;
}

/** An event as it is first delivered, and again. */
export interface SignedEvent {
  readonly shot: Shot;
  readonly again: (path: string) => Shot;
}

type Server = MeasuredServer & { readonly url: string };

/** The service, two bare servers and the sandbox, each at work for the same tenants. */
export class HttpWorld {
  readonly billing: Server;
  readonly bare: Server;
  readonly bareAgain: Server;
  readonly tenants: readonly BenchTenant[];
  readonly #sandbox: Sandbox;
  readonly #secrets: { readonly jwtSecret: string; readonly webhookSecret: string };
  #events = 0;

  private constructor(
    servers: { billing: Server; bare: Server; bareAgain: Server },
    world: {
      sandbox: Sandbox;
      tenants: readonly BenchTenant[];
      secrets: { jwtSecret: string; webhookSecret: string };
    },
  ) {
    this.billing = servers.billing;
    this.bare = servers.bare;
    this.bareAgain = servers.bareAgain;
    this.tenants = world.tenants;
    this.#sandbox = world.sandbox;
    this.#secrets = world.secrets;
  }

  /** Starts all servers; `known` of the tenants are known to the service, the last are not yet. */
  static async start(
    folder: string,
    {
      known,
      unknown,
      ...settings
    }: { known: number; unknown: number; eventRequestsPerSecond?: number },
  ) {
    const sandbox = await startSandbox({ port: 0, host: "127.0.0.1" });
    const secrets = {
      jwtSecret: randomBytes(32).toString("hex"),
      webhookSecret: `whsec_${randomBytes(24).toString("hex")}`,
    };
    const path = join(folder, "billing.db");
    await publishPlans(path, sandbox.url);
    const tenants = await subscribeAll(sandbox, known + unknown);
    const given = { ...secrets, ...settings, stripeUrl: sandbox.url, limit: EMAIL_LIMIT };
    const start = (program: URL, name: string) =>
      MeasuredServer.start({
        program,
        given: { ...given, path: join(folder, `${name}.db`) },
        logFile: join(folder, `${name}.log`),
      });
    const servers = {
      billing: await start(BILLING_SERVER, "billing"),
      bare: await start(BARE_ROUTES, "bare"),
      bareAgain: await start(BARE_ROUTES, "bare_again"),
    };
    const world = new HttpWorld(servers, { sandbox, tenants, secrets });
    await world.#introduce(tenants.slice(0, known));
    return world;
  }

  /** Has the service look at tenants, and gives the bare servers what it answers of them. */
  async #introduce(tenants: readonly BenchTenant[]): Promise<void> {
    const load = new Load(8);
    await load.fire(
      this.billing.url,
      tenants.map((tenant) => this.event(tenant, "/billing/webhook").shot),
    );
    await this.billing.settle();
    for (const tenant of tenants) {
      const shot = this.read(tenant, "/billing/subscription");
      const body = await load.send(this.billing.url, shot);
      const { planSlug } = JSON.parse(body);
      if (planSlug !== "pro") {
        throw new Error(`Cannot measure: ${tenant.id} has the plan ${planSlug}`);
      }
      for (const { url } of [this.bare, this.bareAgain]) {
        const headers = { ...shot.headers, ...JSON_TYPE };
        await load.send(url, { method: "POST", path: "/subscription", headers, body });
      }
    }
    load.close();
  }

  /** A new event that a tenant has paid, signed; again under the same id as often as asked. */
  event({ paid }: BenchTenant, path: string): SignedEvent {
    return this.#signed(paid, path);
  }

  /** The same, that its subscription was updated. */
  updated({ subscribed }: BenchTenant, path: string): SignedEvent {
    return this.#signed({ ...subscribed, type: "customer.subscription.updated" }, path);
  }

  #signed(told: object, path: string): SignedEvent {
    this.#events += 1;
    const body = JSON.stringify({ ...told, id: `evt_bench_${this.#events}` });
    const again = (to: string): Shot => {
      const headers = { ...JSON_TYPE, "Stripe-Signature": this.#signatureOf(body) };
      return { method: "POST", path: to, headers, body };
    };
    return { shot: again(path), again };
  }

  /** A read of a tenant's admin. */
  read({ id }: BenchTenant, path: string): Shot {
    const claims = { sub: `user-of-${id}`, tenants: [{ id, role: "ADMIN" }] };
    return { method: "GET", path, headers: this.#headers(id, claims) };
  }

  /** A count of e-mails by a service. */
  count({ id }: BenchTenant, path: string, key?: string): Shot {
    const headers = this.#headers(id, { sub: "sender", tenants: "*", scope: "billing:usage" });
    const body = JSON.stringify({ count: 1, key });
    return { method: "POST", path, headers: { ...headers, ...JSON_TYPE }, body };
  }

  /** Starts another server for the same tenants, which knows their subscriptions. */
  async startPeer(program: URL, name: string): Promise<Server> {
    const subscriptions = this.tenants.map(({ id: tenantId, customerId, subscribed }) => {
      const subscriptionId: unknown = Reflect.get(subscribed.data.object, "id");
      return { tenantId, customerId, subscriptionId };
    });
    const [tenant] = this.tenants;
    const priceId = JSON.stringify(tenant?.subscribed)
      .match(/"price_\w+"/)?.[0]
      .slice(1, -1);
    const { webhookSecret } = this.#secrets;
    return await MeasuredServer.start({
      program,
      given: { path: `${name}.db`, webhookSecret, priceId, subscriptions },
      logFile: `${name}.log`,
    });
  }

  async stop(): Promise<void> {
    await Promise.all([this.billing, this.bare, this.bareAgain].map((server) => server.stop()));
    await this.#sandbox.close();
  }

  #headers(tenantId: string, claims: object): Record<string, string> {
    const token = jwt.sign(claims, this.#secrets.jwtSecret, { expiresIn: 3_600 });
    return { Authorization: `Bearer ${token}`, "X-Tenant-Id": tenantId };
  }

  #signatureOf(body: string): string {
    const seconds = Math.floor(Date.now() / 1_000);
    const hmac = createHmac("sha256", this.#secrets.webhookSecret).update(`${seconds}.${body}`);
    return `t=${seconds},v1=${hmac.digest("hex")}`;
  }
}

async function publishPlans(path: string, stripeUrl: string): Promise<void> {
  const shipped: CatalogDefinition = JSON.parse(await readFile("plans.json", "utf8"));
  const plans = shipped.plans.map((plan) =>
    plan.slug === "pro" ? { ...plan, monthlyEmailLimit: EMAIL_LIMIT } : plan,
  );
  const billing = createBilling({
    store: openSqliteStore(path),
    payments: connectStripe({
      secretKey: "sk_test_bench",
      webhookSecrets: ["whsec_of_nobody"],
      baseUrl: stripeUrl,
    }),
    settings: { livemode: false, dashboardUrl: "https://app.example.com/", ledgerKeys: [] },
  });
  const { type } = await billing.syncCatalog.execute({ ...shipped, plans });
  await billing.close();
  if (type !== "synchronized") {
    throw new Error(`Cannot measure: the plans are ${type}`);
  }
}

async function subscribeAll(sandbox: Sandbox, count: number): Promise<readonly BenchTenant[]> {
  const { hostname, port } = new URL(sandbox.url);
  const stripe = new Stripe("sk_test_bench", { host: hostname, port, protocol: "http" });
  const { data: products } = await stripe.products.list({ limit: 100 });
  const pro = products.find(({ name }) => name === "Pro");
  const { data: prices } = await stripe.prices.list({ product: pro?.id ?? "", limit: 100 });
  const monthly = prices.find(({ recurring }) => recurring?.interval === "month");
  const tenants: [string, string][] = [];
  for (let number = 0; number < count; number += 1) {
    const tenantId = `clbench${number}`;
    const { id: customer } = await stripe.customers.create({ metadata: { tenantId } });
    const card = await stripe.paymentMethods.attach("pm_card_visa", { customer });
    await stripe.subscriptions.create({
      customer,
      items: [{ price: monthly?.id ?? "" }],
      default_payment_method: card.id,
    });
    tenants.push([tenantId, customer]);
  }
  const paid = await eventsByCustomer(stripe, PAID);
  const subscribed = await eventsByCustomer(stripe, SUBSCRIBED);
  return tenants.map(([id, customerId]) => {
    const [payment, start] = [paid.get(customerId), subscribed.get(customerId)];
    if (payment === undefined || start === undefined) {
      throw new Error(`Cannot measure: ${id} has not paid`);
    }
    return { id, customerId, paid: payment, subscribed: start };
  });
}

async function eventsByCustomer(
  stripe: Stripe,
  type: string,
): Promise<ReadonlyMap<unknown, Stripe.Event>> {
  const events = new Map<unknown, Stripe.Event>();
  for await (const event of stripe.events.list({ type, limit: 100 })) {
    events.set(Reflect.get(event.data.object, "customer"), event);
  }
  return events;
}
