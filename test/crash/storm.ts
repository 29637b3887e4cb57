import { Stripe } from "stripe";
import type { Sandbox } from "../../sandbox/mod.ts";
import type { WireCustomer, WireInvoice, WireSubscription } from "../../sandbox/state/wire.ts";
import type { SeededRandom } from "../../sandbox/webhooks/random.ts";
import type { Catalog } from "../../src/domain/catalog.ts";
import type { Books } from "../model/ending.ts";

const MOST_TENANTS = 12;

/** What happens at the provider while the service is killed again and again. */
export class Storm {
  readonly tenants: string[] = [];
  readonly #sandbox: Sandbox;
  readonly #random: SeededRandom;
  readonly #prices: readonly string[];
  readonly #stripe: Stripe;

  constructor(sandbox: Sandbox, catalog: Catalog, random: SeededRandom) {
    this.#sandbox = sandbox;
    this.#random = random;
    this.#prices = catalog.plans.flatMap(({ prices }) =>
      prices.filter(({ interval }) => interval === "month").map(({ priceId }) => priceId),
    );
    this.#stripe = new Stripe("sk_test_storm", {
      host: sandbox.host,
      port: sandbox.port,
      protocol: "http",
      telemetry: false,
    });
  }

  /** How far the provider's time is ahead. Milliseconds. */
  get offsetMs(): number {
    return this.#sandbox.now().getTime() - Date.now();
  }

  /** Something happens, with its burst of events. */
  async gust(): Promise<void> {
    const subscription = await this.#anyLive();
    const chance = this.#random.next();
    if (subscription === undefined || (chance < 0.3 && this.tenants.length < MOST_TENANTS)) {
      await this.#newTenant();
    } else if (chance < 0.6) {
      await this.#control("/clock", { advanceHours: 1 + Math.floor(this.#random.next() * 400) });
    } else if (chance < 0.75) {
      const scheduled = subscription.cancel_at !== null || subscription.cancel_at_period_end;
      await this.#stripe.subscriptions.update(subscription.id, {
        cancel_at_period_end: !scheduled,
      });
    } else if (chance < 0.8) {
      await this.#stripe.subscriptions.cancel(subscription.id);
    } else {
      await this.#changePlan(subscription);
    }
  }

  /** Everything the provider knows, oldest first. */
  async books(): Promise<Books> {
    const [customers, subscriptions] = await Promise.all([
      this.#all("customers"),
      this.#all("subscriptions?status=all"),
    ]);
    const invoices = await this.#all("invoices");
    return {
      customers: byId<WireCustomer>(customers),
      subscriptions: byId<WireSubscription>(subscriptions),
      invoices: byId<WireInvoice>(invoices),
    };
  }

  /** Ids of the events that somebody answered with 2xx. */
  async delivered(): Promise<string[]> {
    const response = await fetch(`${this.#sandbox.url}/_sandbox/deliveries`);
    const { deliveries } = (await response.json()) as {
      deliveries: { event: string; status: string }[];
    };
    return deliveries.filter(({ status }) => status === "delivered").map(({ event }) => event);
  }

  async #newTenant(): Promise<void> {
    const tenantId = `clcrash${String(this.tenants.length).padStart(4, "0")}`;
    this.tenants.push(tenantId);
    const metadata = { tenantId };
    const customer = await this.#stripe.customers.create({ metadata });
    const session = await this.#stripe.checkout.sessions.create({
      mode: "subscription",
      customer: customer.id,
      line_items: [{ price: this.#anyPrice(), quantity: 1 }],
      success_url: "https://app.example.com/done",
      subscription_data: { metadata },
    });
    await this.#control(`/checkout/${session.id}/complete`, { card: "4242424242424242" });
  }

  async #changePlan(subscription: Stripe.Subscription): Promise<void> {
    const id = String(subscription.items.data[0]?.id);
    await this.#stripe.subscriptions.update(subscription.id, {
      items: [{ id, price: this.#anyPrice(), quantity: 1 }],
      proration_behavior: "always_invoice",
    });
  }

  async #anyLive(): Promise<Stripe.Subscription | undefined> {
    const { data } = await this.#stripe.subscriptions.list({ limit: 100 });
    return data[Math.floor(this.#random.next() * data.length)];
  }

  #anyPrice(): string {
    return this.#prices[Math.floor(this.#random.next() * this.#prices.length)] ?? "";
  }

  async #control(path: string, body: object): Promise<void> {
    const response = await fetch(`${this.#sandbox.url}/_sandbox${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!response.ok) {
      throw new Error(`Cannot control the sandbox: ${await response.text()}`);
    }
  }

  async #all(path: string): Promise<{ id: string }[]> {
    const all: { id: string }[] = [];
    for (let after = "", more = true; more; ) {
      const query = `${path.includes("?") ? "&" : "?"}limit=100${after}`;
      const response = await fetch(`${this.#sandbox.url}/v1/${path}${query}`, {
        headers: { authorization: "Bearer sk_test_storm" },
      });
      const page = (await response.json()) as { data: { id: string }[]; has_more: boolean };
      all.push(...page.data);
      after = `&starting_after=${page.data.at(-1)?.id}`;
      more = page.has_more;
    }
    return all.toReversed();
  }
}

function byId<T>(objects: readonly { id: string }[]): Map<string, T> {
  return new Map(objects.map((object) => [object.id, object as unknown as T]));
}
