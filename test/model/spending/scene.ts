import type { Stripe } from "stripe";
import { payHostedInvoice } from "../../../sandbox/engine/invoicing/pay_hosted_invoice.ts";
import type { WireInvoice, WireSubscriptionItem } from "../../../sandbox/state/wire.ts";
import type { StartCheckoutOutcome } from "../../../src/application/checkout/start_checkout.ts";
import { withoutChance } from "../chance.ts";
import { inProcessStripe } from "../in_process_stripe.ts";
import { cardOf } from "../life.ts";
import { RETURN, type Template, World } from "../world.ts";
import { CARDS, type Card, changeCard, follow, type Interval, type Plan } from "./moves.ts";
import { SpendingTenant } from "./spending_tenant.ts";

const DAY_MS = 86_400_000;
const DAY = 86_400;
const FAIR = {
  before: async () => undefined,
  refusal: () => undefined,
  after: async () => undefined,
};

/** How a change of plan is made at the provider; by default as our links make it. */
export interface ChangeOptions {
  readonly interval?: Interval;
  readonly anchor?: "now" | "unchanged";
  readonly proration?: "always_invoice" | "create_prorations" | "none";
  readonly behavior?: "allow_incomplete" | "pending_if_incomplete";
  readonly endTrial?: boolean;
}

/** How a subscription begins; by default as Checkout begins it. */
export interface SubscribeOptions {
  readonly interval?: Interval;
  readonly trialDays?: number;
  /** Billed by e-mail, due after so many days. */
  readonly netDays?: number;
  readonly coupon?: string;
  /** Days before the first whole period. */
  readonly firstDays?: number;
  readonly cancelAt?: number;
  /** Billed as before flexible billing: changes credit a share of the present price. */
  readonly classic?: true;
}

/** A tenant that spends everything, with all that it and an operator can do, day by day. */
export class Scene {
  readonly tenant: SpendingTenant;
  readonly world: World;
  readonly stripe: Stripe;
  readonly startMs: number;

  private constructor(world: World, start: string) {
    this.world = world;
    this.startMs = Date.parse(start);
    this.tenant = new SpendingTenant(world, new Date(this.startMs));
    this.stripe = inProcessStripe(world.provider, FAIR);
  }

  /** Plays a script in a world of its own. */
  static play<T>(
    template: Template,
    script: (scene: Scene) => Promise<T>,
    start = "2027-01-01T00:00:00Z",
  ): Promise<T> {
    return withoutChance(1, async () => {
      const world = await World.begin(template, 1);
      try {
        const scene = new Scene(world, start);
        await scene.#customer();
        return await script(scene);
      } finally {
        await world.store.close();
      }
    });
  }

  /** Moves time to a day after the beginning, looking and spending all the way. */
  async until(day: number): Promise<void> {
    await this.tenant.until(this.startMs + Math.round(day * DAY_MS), { everyDays: 1 });
  }

  /** Moves time without a look. */
  unseenUntil(day: number): void {
    this.tenant.unseenUntil(this.startMs + Math.round(day * DAY_MS));
  }

  /** Buys a plan, by Checkout where that is possible and enough; answers the subscription's id. */
  async subscribe(plan: Plan, options: SubscribeOptions = {}): Promise<string> {
    const before = new Set(this.tenant.subscriptions().map(({ id }) => id));
    const plain = Object.keys(options).every((name) => name === "interval");
    const { interval = "month" } = options;
    if (plain && this.tenant.live() === undefined) {
      follow(this.tenant, await this.#checkout(plan, interval), "good");
    } else {
      await this.create(plan, options);
    }
    await this.tenant.look();
    const found = this.tenant.subscriptions().find(({ id }) => !before.has(id));
    if (found === undefined) {
      throw new TypeError(`Cannot play: nobody subscribed to ${plan}`);
    }
    return found.id;
  }

  /** Begins a subscription at the provider, as an operator does. */
  async create(plan: Plan, options: SubscribeOptions): Promise<void> {
    const now = Math.floor(this.tenant.nowMs / 1_000);
    await this.stripe.subscriptions.create({
      customer: this.customerId,
      items: [{ price: this.price(plan, options.interval) }],
      metadata: { tenantId: this.tenant.tenantId },
      ...(options.trialDays && { trial_period_days: options.trialDays }),
      ...(options.netDays && {
        collection_method: "send_invoice",
        days_until_due: options.netDays,
      }),
      ...(options.coupon && { discounts: [{ coupon: options.coupon }] }),
      ...(options.firstDays && { billing_cycle_anchor: now + options.firstDays * DAY }),
      ...(options.cancelAt && { cancel_at: options.cancelAt }),
      ...(options.classic && { billing_mode: { type: "classic" } }),
    });
  }

  /** Chooses a plan at the service: what it answers. */
  choose(planSlug: Plan, interval: Interval = "month"): Promise<StartCheckoutOutcome> {
    const { tenantId } = this.tenant;
    const { startCheckout } = this.world.process(0);
    return startCheckout.execute({ tenantId, planSlug, interval, ...RETURN });
  }

  /** Asks for another plan and confirms it at once; answers what came instead of a link, if any. */
  async take(plan: Plan): Promise<string | undefined> {
    const step = await this.choose(plan);
    if (step.type !== "portal") {
      return step.type === "waiting" ? `waiting for ${step.for}` : step.type;
    }
    follow(this.tenant, step.url, "good");
    await this.tenant.look();
    return undefined;
  }

  /** Changes a plan at the provider. */
  async change(id: string, plan: Plan, options: ChangeOptions = {}): Promise<void> {
    const { interval = "month", anchor = "now", proration = "always_invoice" } = options;
    await this.stripe.subscriptions.update(id, {
      items: [{ id: this.item(id).id, price: this.price(plan, interval) }],
      proration_behavior: proration,
      ...(options.endTrial ? { trial_end: "now" } : { billing_cycle_anchor: { type: anchor } }),
      ...(options.behavior && { payment_behavior: options.behavior }),
    });
  }

  /** The first item of a subscription. */
  item(subscription: string): WireSubscriptionItem {
    const [item] = this.world.provider.state.subscriptions.get(subscription)?.items.data ?? [];
    if (item === undefined) {
      throw new TypeError(`Cannot play: ${subscription} has no item`);
    }
    return item;
  }

  /** Another card or bank account on file. */
  card(card: Card): void {
    this.world.provider.transact((tx) => {
      const customer = tx.state.customers.get(this.customerId);
      if (customer !== undefined) {
        changeCard(tx, customer, card);
      }
    });
  }

  /** Pays an open invoice on its page, by default the oldest. */
  pay(invoice: WireInvoice | undefined = this.open()[0]): void {
    if (invoice === undefined) {
      throw new TypeError("Cannot play: nothing is open");
    }
    this.world.provider.transact((tx) => payHostedInvoice(tx, invoice, cardOf(CARDS.good)));
  }

  /** All invoices, oldest first. */
  invoices(): WireInvoice[] {
    return [...this.world.provider.state.invoices.values()].filter(
      ({ customer }) => customer === this.customerId,
    );
  }

  open(): WireInvoice[] {
    return this.invoices().filter(({ status }) => status === "open");
  }

  get customerId(): string {
    const { customers } = this.world.provider.state;
    const own = [...customers.values()].find(
      ({ metadata }) => metadata.tenantId === this.tenant.tenantId,
    );
    return own?.id ?? "";
  }

  price(plan: Plan, interval: Interval = "month"): string {
    const found = [...this.world.provider.state.prices.values()].find(
      ({ lookup_key: key, active }) => active && key === `mailingcore_${plan}_${interval}`,
    );
    return found?.id ?? "";
  }

  /** What the account does about payments that fail for good. */
  dunning(subscription: "cancel" | "past_due" | "pause" | "unpaid", invoice = "open"): void {
    Object.assign(this.world.provider.state.dunning, { subscription, invoice });
  }

  /** A customer with a good card, before anything is bought. */
  async #customer(): Promise<void> {
    await this.#checkout("starter", "month");
    this.card("good");
  }

  async #checkout(plan: Plan, interval: Interval): Promise<string> {
    const started = await this.choose(plan, interval);
    if (started.type !== "started") {
      throw new TypeError(`Cannot play: no Checkout, but ${started.type}`);
    }
    return started.url;
  }
}
