import { Stripe } from "stripe";
import type { Sandbox } from "../../sandbox/mod.ts";
import type {
  WireCheckoutSession,
  WireCustomer,
  WireDispute,
  WirePaymentIntent,
  WireRefund,
  WireSubscription,
} from "../../sandbox/state/wire.ts";
import type { SeededRandom } from "../../sandbox/webhooks/random.ts";
import type { Catalog, TokenPack } from "../../src/domain/catalog/catalog.ts";
import type { AllBooks } from "../model/ending.ts";

const MOST_TENANTS = 12;

/** What happens at the provider while the service is killed again and again. */
export class Storm {
  readonly tenants: string[] = [];
  readonly #sandbox: Sandbox;
  readonly #random: SeededRandom;
  readonly #prices: readonly string[];
  readonly #pack: TokenPack;
  readonly #stripe: Stripe;

  constructor(sandbox: Sandbox, catalog: Catalog, random: SeededRandom) {
    this.#sandbox = sandbox;
    this.#random = random;
    this.#prices = catalog.plans.flatMap(({ prices }) =>
      prices.filter(({ interval }) => interval === "month").map(({ priceId }) => priceId),
    );
    const [pack] = catalog.packs;
    if (pack === undefined) {
      throw new TypeError("Cannot raise a storm: the catalogue has no packs");
    }
    this.#pack = pack;
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
    } else if (chance < 0.7) {
      const scheduled = subscription.cancel_at !== null || subscription.cancel_at_period_end;
      await this.#stripe.subscriptions.update(subscription.id, {
        cancel_at_period_end: !scheduled,
      });
    } else if (chance < 0.75) {
      await this.#stripe.subscriptions.cancel(subscription.id);
    } else if (chance < 0.9) {
      await this.#buyPack(subscription);
    } else {
      await this.#changePlan(subscription);
    }
  }

  /** An hour passes. */
  calm(): Promise<void> {
    return this.#control("/clock", { advanceHours: 1 });
  }

  /** Everything the provider knows, oldest first. */
  async books(): Promise<AllBooks> {
    const sessions = byId<WireCheckoutSession>(
      await this.#all("checkout/sessions?expand[]=data.payment_intent"),
    );
    const paymentIntents = new Map<string, WirePaymentIntent>();
    for (const session of sessions.values()) {
      const intent = session.payment_intent as WirePaymentIntent | string | null;
      if (typeof intent === "object" && intent !== null) {
        paymentIntents.set(intent.id, intent);
        session.payment_intent = intent.id;
      }
    }
    return {
      customers: byId<WireCustomer>(await this.#all("customers")),
      subscriptions: byId<WireSubscription>(await this.#all("subscriptions?status=all")),
      checkoutSessions: sessions,
      paymentIntents,
      refunds: byId<WireRefund>(await this.#all("refunds")),
      disputes: byId<WireDispute>(await this.#all("disputes")),
      deletedCustomers: new Map(),
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

  /** A pack, of whose price a half goes back at once. */
  async #buyPack({ customer, metadata }: Stripe.Subscription): Promise<void> {
    const { priceId, slug, tokens, amount } = this.#pack;
    const tenantId = String(metadata.tenantId);
    const sold = { tenantId, kind: "token_pack", packSlug: slug, tokens: String(tokens) };
    const session = await this.#stripe.checkout.sessions.create({
      mode: "payment",
      customer: String(customer),
      client_reference_id: tenantId,
      line_items: [{ price: priceId, quantity: 1 }],
      success_url: "https://app.example.com/done",
      metadata: sold,
      payment_intent_data: { metadata: sold },
    });
    await this.#control(`/checkout/${session.id}/complete`, { card: "4242424242424242" });
    const { payment_intent: intent } = await this.#stripe.checkout.sessions.retrieve(session.id);
    await this.#stripe.refunds.create({
      payment_intent: String(intent),
      amount: Math.floor(amount / 2),
    });
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
