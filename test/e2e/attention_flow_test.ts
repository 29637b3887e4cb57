import { expect } from "chai";
import type { Stripe } from "stripe";
import type { AttentionKind } from "../../src/domain/attention/attention_kinds.ts";
import type { Environment } from "../../src/kit/settings.ts";
import { FAILS_LATER, GOOD_CARD, type StartedBilling, useStarted } from "../rig/started_billing.ts";
import { SECRET, token } from "../samples/http.ts";
import { describeOnEveryStore } from "./describe_on_every_store.ts";
import { runProgram } from "./program.ts";

const ROOT = new URL("../..", import.meta.url).pathname;

/** More refunds than are asked for while one is listed. */
const REFUSALS = 40;

/** How a kind comes about through the provider, and how its cause goes. */
interface Row {
  /** Answers the item's subject and a part of its message. */
  arise(scene: Scene): Promise<readonly [subject: string, says: string]>;
  /** Absent where the cause is a fact of the past, which only an operator takes off. */
  goAway?(scene: Scene, subject: string): Promise<unknown>;
}

/** Kinds whose rows are elsewhere: of the ledger's tests, and of test/model/unexplained_test.ts. */
type Elsewhere =
  | "ledger_damaged"
  | "misplaced_subscription"
  | "payment_without_sale"
  | "unexplained_pack"
  | "unexplained_payment"
  | "unexplained_subscription"
  | "webhook_endpoint_disabled";

/** One row per kind that arises at the provider: a kind without one does not compile. */
const ROWS: Readonly<Record<Exclude<AttentionKind, Elsewhere>, Row>> = {
  payment_refunded: {
    arise: async (scene) => {
      await scene.buy("pro");
      const { id } = await scene.refund(await scene.invoice(), 500);
      return [id, "5.00 EUR"];
    },
    goAway: (scene, refund) => scene.control(`/refunds/${refund}/fail`),
  },
  payment_charged_back: {
    arise: async (scene) => {
      await scene.buy("pro");
      const { body } = await scene.control(`/payments/${await scene.invoice()}/dispute`);
      return [body.id, "29.00 EUR"];
    },
    goAway: (scene, dispute) => scene.control(`/disputes/${dispute}/close`, { status: "won" }),
  },
  no_plan_item: {
    arise: async (scene) => {
      const id = await scene.buy("pro");
      await scene.change(id, await scene.foreignPrice());
      return [id, "free plan"];
    },
    goAway: async (scene, id) => scene.change(id, await scene.price("pro")),
  },
  unpaid_invoice_credited: {
    arise: async (scene) => {
      const id = await scene.buy("starter", FAILS_LATER);
      await scene.control("/clock", { advanceDays: 31 });
      const renewal = await scene.invoice();
      await scene.change(id, await scene.price("business"), "now");
      return [renewal, "9.00 EUR"];
    },
    goAway: (scene, invoice) => scene.pay(invoice),
  },
  settled_period_cut: {
    arise: async (scene) => {
      await scene.control("/dunning", { retryDays: [1], subscription: "unpaid" });
      const id = await scene.buy("starter", FAILS_LATER);
      await scene.control("/clock", { advanceDays: 10 });
      await scene.change(id, await scene.price("business"));
      await scene.control("/clock", { advanceDays: 5 });
      return [id, "6.00 EUR"];
    },
    goAway: async (scene) => scene.pay(await scene.invoice()),
  },
  duplicate_reported: {
    arise: async (scene) => {
      await scene.buy("pro");
      const { id } = await scene.subscribe({ trial_period_days: 14 });
      return [id, "runs beside"];
    },
    goAway: (scene, id) => scene.cancel(id),
  },
  refund_refused: {
    arise: async (scene) => {
      await scene.payTwiceRefused();
      return [await scene.invoice(), "could not be given back"];
    },
    goAway: async (scene) => {
      await scene.useUpRefusals();
      await scene.happen();
    },
  },
  duplicate_paid_late: {
    arise: async (scene) => {
      await scene.payTwiceRefused();
      await scene.restart({ REFUND_DUPLICATES: "false" });
      await scene.happen();
      return [await scene.invoice(), "ended as a duplicate"];
    },
    goAway: async (scene) => {
      await scene.useUpRefusals();
      await scene.restart();
      await scene.happen();
    },
  },
  invoice_not_finalized: {
    arise: async (scene) => {
      const id = await scene.buy("starter");
      await scene.stripe.subscriptions.update(id, { automatic_tax: { enabled: true } });
      await scene.control("/clock", { advanceDays: 31 });
      return [await scene.invoice(), "location"];
    },
    goAway: async (scene, invoice) => {
      await scene.finalize(invoice);
      await scene.pay(invoice);
    },
  },
  month_made_good: {
    arise: async (scene) => {
      const id = await scene.buy("pro");
      await scene.control("/delivery", { dropRate: 1 });
      await scene.control("/clock", { to: "2027-02-01T00:00:00Z" });
      await scene.control("/delivery", { dropRate: 0 });
      await scene.happen();
      return [`${id}:2026-12-23T10:00:00.000Z`, "50000 tokens"];
    },
  },
};

/** What an operator sees on the list. */
interface Listed {
  readonly id: string;
  readonly kind: string;
  readonly tenantId: string;
  readonly subject: string;
  readonly message: string;
  readonly action: string;
}

/** A tenant's service beside the provider, as operators and tenants act on both. */
class Scene {
  readonly billing: StartedBilling;

  constructor(billing: StartedBilling) {
    this.billing = billing;
  }

  get stripe(): Stripe {
    return this.billing.stripe;
  }

  /** Lets the sandbox do something; its webhooks have been delivered when it answers. */
  async control(path: string, body?: object) {
    const answer = await this.billing.control(path, body);
    expect(answer.status, JSON.stringify(answer.body)).to.equal(200);
    return answer;
  }

  async restart(env: Environment = {}): Promise<void> {
    await this.billing.restart(env);
  }

  /** Buys a plan by the month; answers the subscription's id. */
  async buy(planSlug: string, card = GOOD_CARD): Promise<string> {
    await this.billing.buy({ planSlug }, card);
    const { data } = await this.stripe.subscriptions.list();
    return String(data[0]?.id);
  }

  /** The newest invoice. */
  async invoice(): Promise<string> {
    return String((await this.stripe.invoices.list()).data[0]?.id);
  }

  async refund(invoice: string, amount: number): Promise<Stripe.Refund> {
    const { data } = await this.stripe.invoicePayments.list({ invoice });
    const payment_intent = String(data[0]?.payment.payment_intent);
    return await this.#delivered(this.stripe.refunds.create({ payment_intent, amount }));
  }

  /** Gives the customer the address that automatic tax needs, and makes a draft final. */
  async finalize(invoice: string): Promise<unknown> {
    const customer = String((await this.stripe.customers.list()).data[0]?.id);
    await this.stripe.customers.update(customer, { address: { country: "DE" } });
    return await this.#delivered(this.stripe.invoices.finalizeInvoice(invoice));
  }

  /** Pays with another card than the one that fails. */
  async pay(invoice: string): Promise<unknown> {
    const customer = String((await this.stripe.customers.list()).data[0]?.id);
    const { id } = await this.stripe.paymentMethods.attach("pm_card_visa", { customer });
    return await this.#delivered(this.stripe.invoices.pay(invoice, { payment_method: id }));
  }

  async price(planSlug: string): Promise<string> {
    const { data } = await this.stripe.prices.list({
      lookup_keys: [`mailingcore_${planSlug}_month`],
    });
    return String(data[0]?.id);
  }

  /** A price of a product that is in no plan. */
  async foreignPrice(): Promise<string> {
    const product_data = { name: "Consulting" };
    const recurring = { interval: "month" as const };
    const price = { currency: "eur", unit_amount: 100, product_data, recurring };
    return (await this.stripe.prices.create(price)).id;
  }

  /** Changes the price of a subscription, as an operator can at Stripe. */
  async change(id: string, price: string, anchor?: "now"): Promise<void> {
    const [item] = (await this.stripe.subscriptions.retrieve(id)).items.data;
    await this.#delivered(
      this.stripe.subscriptions.update(id, {
        items: [{ id: String(item?.id), price }],
        proration_behavior: "always_invoice",
        ...(anchor && { billing_cycle_anchor: { type: anchor } }),
      }),
    );
  }

  /** One more subscription of the tenant, as an operator makes it. */
  async subscribe(
    params: Pick<Stripe.SubscriptionCreateParams, "trial_period_days" | "default_payment_method">,
  ): Promise<Stripe.Subscription> {
    await this.control("/clock", { advanceHours: 1 });
    const customer = String((await this.stripe.customers.list()).data[0]?.id);
    const items = [{ price: await this.price("pro") }];
    const metadata = { tenantId: this.billing.tenantId };
    return await this.#delivered(
      this.stripe.subscriptions.create({ customer, items, metadata, ...params }),
    );
  }

  /** A double payment that Stripe refuses to give back, for a while. */
  async payTwiceRefused(): Promise<void> {
    await this.buy("pro");
    await this.control("/faults", { route: "POST /v1/refunds", status: 400, times: REFUSALS });
    const customer = String((await this.stripe.customers.list()).data[0]?.id);
    const [card] = (await this.stripe.customers.listPaymentMethods(customer)).data;
    await this.subscribe({ default_payment_method: String(card?.id) });
  }

  async useUpRefusals(): Promise<void> {
    for (let refused = 0; refused < REFUSALS; refused += 1) {
      await this.stripe.refunds.create({ charge: "ch_none" }).catch(() => undefined);
    }
  }

  async cancel(subscription: string): Promise<void> {
    await this.#delivered(this.stripe.subscriptions.cancel(subscription));
  }

  async winDispute(): Promise<void> {
    const [dispute] = (await this.stripe.disputes.list()).data;
    await this.control(`/disputes/${dispute?.id}/close`, { status: "won" });
  }

  /** Lets something happen that makes the service look at the tenant. */
  async happen(): Promise<void> {
    const { data } = await this.stripe.subscriptions.list();
    const note = crypto.randomUUID();
    await this.#delivered(
      this.stripe.subscriptions.update(String(data.at(-1)?.id), { metadata: { note } }),
    );
  }

  /** The list as the route answers it, and only one kind of it. */
  async listed(kind: string, query = ""): Promise<Listed[]> {
    const bearer = token({ sub: "ops", scope: "billing:admin", tenants: "*" });
    const response = await fetch(`${this.billing.service.url}/billing/attention${query}`, {
      headers: { authorization: `Bearer ${bearer}` },
    });
    expect(response.status).to.equal(200);
    const { data } = (await response.json()) as { data: Listed[] };
    return data.filter((item) => item.kind === kind);
  }

  /** Runs a command as an operator does, beside the service. */
  async cli(...args: string[]): Promise<{ code: number | null; output: string }> {
    const set = Object.entries(this.billing.env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    );
    const program = runProgram(process.execPath, ["src/main.ts", ...args], {
      env: Object.fromEntries(set),
      cwd: ROOT,
    });
    const code = await program.exited();
    return { code, output: program.output };
  }

  async #delivered<T>(work: Promise<T>): Promise<T> {
    const done = await work;
    await this.billing.sandbox.settled();
    return done;
  }
}

await describeOnEveryStore("What is named for somebody to look at, through the sandbox", flow);

/**
 * The tests.
 *
 * @param emptyStore settings that name a store with nothing in it
 */
function flow(emptyStore: () => Promise<Environment>): void {
  const env = async (more: Environment = {}) => ({
    AUTH_JWT_SECRET: SECRET.export().toString("latin1"),
    RECONCILE_REQUESTS_PER_SECOND: "100",
    ...more,
    ...(await emptyStore()),
  });

  describe("by kind", () => {
    const billing = useStarted(() => env());

    for (const [kind, { arise, goAway }] of Object.entries(ROWS)) {
      it(`P41 ${kind} is listed once, and ${goAway ? "goes with its cause" : "is resolved by an operator"}`, async function () {
        this.timeout(120_000);
        const scene = new Scene(billing);
        const [subject, says] = await arise(scene);
        await scene.happen();
        const listed = await scene.listed(kind);
        expect(listed.map((item) => [item.subject, item.tenantId])).to.deep.equal([
          [subject, billing.tenantId],
        ]);
        expect(listed[0]?.message).to.include(says);
        if (goAway) {
          await goAway(scene, subject);
        } else {
          const { code } = await scene.cli("attention", "resolve", String(listed[0]?.id));
          expect(code).to.equal(0);
          await scene.happen();
        }
        expect(await scene.listed(kind)).to.deep.equal([]);
        expect(await scene.listed(kind, "?all=true")).to.have.length(1);
      });
    }

    it("P41 a refund is settled once its subscription ends; what packs brought is not named", async () => {
      const scene = new Scene(billing);
      const id = await scene.buy("pro");
      await scene.refund(await scene.invoice(), 500);
      expect(await scene.listed("payment_refunded")).to.have.length(1);
      await scene.cancel(id);
      expect(await scene.listed("payment_refunded")).to.deep.equal([]);
      const session = await billing.buy({ packSlug: "starter" });
      await scene.control(`/checkout/${session}/dispute`);
      expect(await scene.listed("payment_charged_back", "?all=true")).to.deep.equal([]);
    });

    it("P37, P41 a comparison finds refunds and disputes that nobody heard of", async function () {
      this.timeout(60_000);
      const scene = new Scene(billing);
      await scene.buy("pro");
      await scene.control("/delivery", { dropRate: 1 });
      await scene.refund(await scene.invoice(), 500);
      await scene.control(`/payments/${await scene.invoice()}/dispute`);
      expect(await scene.listed("payment_refunded")).to.deep.equal([]);
      const dry = await scene.cli("reconcile", "--dry-run");
      expect(dry.output).to.include("Compared 1 tenant");
      expect(await scene.listed("payment_refunded")).to.deep.equal([]);
      await scene.cli("reconcile");
      expect(await scene.listed("payment_refunded")).to.have.length(1);
      const [{ subject, message } = { subject: "", message: "" }] =
        await scene.listed("payment_charged_back");
      const { output } = await scene.cli("attention", "list");
      expect(output).to.include(subject).and.to.include(message);
    });
  });

  describe("by CHARGEBACK_POLICY=end", () => {
    const billing = useStarted(() => env({ CHARGEBACK_POLICY: "end" }));

    it("P41 a payment that is charged back ends its subscription at once, and is named", async () => {
      const scene = new Scene(billing);
      const id = await scene.buy("pro");
      await scene.control(`/payments/${await scene.invoice()}/dispute`, { inquiry: true });
      expect(await billing.subscription()).to.deep.include({ planSlug: "pro", status: "active" });
      await billing.restart();
      await scene.control("/clock", { advanceDays: 31 });
      await scene.control(`/payments/${await scene.invoice()}/dispute`);
      expect((await scene.stripe.subscriptions.retrieve(id)).status).to.equal("canceled");
      expect((await billing.subscription()).limits.monthlyEmailLimit).to.equal(100);
      const listed = await scene.listed("payment_charged_back");
      expect(listed.map(({ message }) => message.split("; ")[1])).to.deep.equal([
        "the subscription has ended",
      ]);
      await scene.winDispute();
      expect(await scene.listed("payment_charged_back")).to.deep.equal([]);
    });
  });
}
