import { DatabaseSync } from "node:sqlite";
import { expect } from "chai";
import mongoose from "mongoose";
import type { Stripe } from "stripe";
import { COLLECTIONS } from "../../../src/adapters/mongodb/collections.ts";
import { operatorCommands } from "../../../src/composition/commands/operator_commands.ts";
import type { Environment } from "../../../src/kit/settings.ts";
import { type CliRun, runCli } from "../../adapters/cli/run_cli.ts";
import { PUBLIC_URL } from "../../rig/operator.ts";
import { settingsOf } from "../../rig/settings_of.ts";
import { type ApiAnswer, GOOD_CARD, type StartedBilling } from "../../rig/started_billing.ts";
import { token } from "../../samples/http.ts";

/** More refunds than are asked for while one is listed. */
const REFUSALS = 40;

/** What an operator sees on the list. */
export interface Listed {
  readonly id: string;
  readonly kind: string;
  readonly tenantId: string | null;
  readonly subject: string;
  readonly since: string;
  readonly message: string;
  readonly action: string;
}

/** A tenant's service beside the provider, as operators and tenants act on both. */
export class AttentionScene {
  readonly billing: StartedBilling;
  #env: Environment = {};

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

  /** Starts the service and the sandbox again, with the settings of before where none are given. */
  async restart(env: Environment = this.#env): Promise<void> {
    this.#env = env;
    await this.billing.restart(env);
  }

  /** Buys a plan by the month; answers the subscription's id. */
  async buy(planSlug: string, card = GOOD_CARD): Promise<string> {
    await this.billing.buy({ planSlug }, card);
    const { data } = await this.stripe.subscriptions.list();
    return String(data[0]?.id);
  }

  /** The newest customer. */
  async customer(): Promise<string> {
    return String((await this.stripe.customers.list()).data[0]?.id);
  }

  /** The newest invoice. */
  async invoice(): Promise<string> {
    return String((await this.stripe.invoices.list()).data[0]?.id);
  }

  /** Gives a part of an invoice back, or all of it. */
  async refund(invoice: string, amount?: number): Promise<Stripe.Refund> {
    const { data } = await this.stripe.invoicePayments.list({ invoice });
    return await this.refundPayment(String(data[0]?.payment.payment_intent), amount);
  }

  async refundPayment(payment_intent: string, amount?: number): Promise<Stripe.Refund> {
    const refund = this.stripe.refunds.create({ payment_intent, ...(amount && { amount }) });
    return await this.#delivered(refund);
  }

  /** The payment of a Checkout. */
  async paymentOf(session: string): Promise<string> {
    return String((await this.stripe.checkout.sessions.retrieve(session)).payment_intent);
  }

  /** Pays a Checkout of a pack that was made by hand; answers its session. */
  async buyPackByHand(
    packSlug: string,
    params: Pick<Stripe.Checkout.SessionCreateParams, "customer" | "metadata">,
  ): Promise<string> {
    const lookup_keys = [`mailingcore_pack_${packSlug}_once`];
    const { data } = await this.stripe.prices.list({ lookup_keys });
    const { id } = await this.stripe.checkout.sessions.create({
      mode: "payment",
      line_items: [{ price: String(data[0]?.id), quantity: 1 }],
      success_url: "https://app.example.com/done",
      ...params,
    });
    await this.control(`/checkout/${id}/complete`);
    return id;
  }

  /** A paid subscription of a customer that is no tenant's own. */
  async subscribeByHand(
    planSlug: string,
    metadata: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    const { id: customer } = await this.stripe.customers.create({ name: "By hand", metadata });
    const { id } = await this.stripe.paymentMethods.attach("pm_card_visa", { customer });
    const items = [{ price: await this.price(planSlug) }];
    const params = { customer, items, default_payment_method: id };
    return (await this.#delivered(this.stripe.subscriptions.create(params))).id;
  }

  /** Lets `plans sync` make the webhook endpoint of the public address; answers its id. */
  async publishEndpoint(): Promise<string> {
    await this.succeed("plans", "sync", "--webhook-secret-file", `${this.billing.folder}/secret`);
    const { data } = await this.stripe.webhookEndpoints.list();
    return String(data.find(({ url }) => url.startsWith(PUBLIC_URL))?.id);
  }

  async endTenant(): Promise<void> {
    await this.succeed("tenant", "end", this.billing.tenantId);
  }

  /** Changes the tenant's first ledger entry past the service. */
  async tamper(field: "amount", by: number): Promise<void> {
    const { tenantId, env } = this.billing;
    if (env.MONGODB_URL === undefined) {
      const database = new DatabaseSync(String(env.SQLITE_PATH));
      const change = `UPDATE ledger_entries SET ${field} = ${field} + ? WHERE tenant_id = ? AND seq = 1`;
      database.prepare(change).run(by, tenantId);
      database.close();
      return;
    }
    const connection = await mongoose.createConnection(env.MONGODB_URL).asPromise();
    const entries = connection.collection(COLLECTIONS.ledger);
    await entries.updateOne({ tenantId, seq: 1 }, { $inc: { [field]: by } });
    await connection.close();
  }

  /** Gives the customer the address that automatic tax needs, and makes a draft final. */
  async finalize(invoice: string): Promise<unknown> {
    const customer = await this.customer();
    await this.stripe.customers.update(customer, { address: { country: "DE" } });
    return await this.#delivered(this.stripe.invoices.finalizeInvoice(invoice));
  }

  /** Pays with another card than the one that fails. */
  async pay(invoice: string): Promise<unknown> {
    const customer = await this.customer();
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

  /** Lets a subscription charge for its plan so many times. */
  async setQuantity(id: string, quantity: number): Promise<void> {
    const [item] = (await this.stripe.subscriptions.retrieve(id)).items.data;
    const items = [{ id: String(item?.id), quantity }];
    await this.#delivered(this.stripe.subscriptions.update(id, { items }));
  }

  /** One more subscription of the tenant, as an operator makes it. */
  async subscribe(
    params: Pick<Stripe.SubscriptionCreateParams, "trial_period_days" | "default_payment_method">,
  ): Promise<Stripe.Subscription> {
    await this.control("/clock", { advanceHours: 1 });
    const customer = await this.customer();
    const items = [{ price: await this.price("pro") }];
    const metadata = { tenantId: this.billing.tenantId };
    return await this.#delivered(
      this.stripe.subscriptions.create({ customer, items, metadata, ...params }),
    );
  }

  /** A double payment; with a status, Stripe gives nothing back for a while: refuses, or fails. */
  async payTwice(status?: 400 | 500): Promise<void> {
    await this.buy("pro");
    if (status !== undefined) {
      await this.control("/faults", { route: "POST /v1/refunds", status, times: REFUSALS });
    }
    const customer = await this.customer();
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

  /** Lets something happen that makes the service look at the tenant, where it can. */
  async happen(): Promise<void> {
    const { data } = await this.stripe.subscriptions.list({ status: "all" });
    const note = crypto.randomUUID();
    for (const { id } of data.slice(-1)) {
      await this.#delivered(this.stripe.subscriptions.update(id, { metadata: { note } }));
    }
  }

  /** A request of an operator's. */
  async operator(path: string, body?: object): Promise<ApiAnswer["body"]> {
    const bearer = token({ sub: "ops", scope: "billing:admin", tenants: "*" });
    const response = await fetch(`${this.billing.service.url}/billing${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: { authorization: `Bearer ${bearer}`, "content-type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    });
    const answer = await response.json();
    expect(response.ok, JSON.stringify(answer)).to.equal(true);
    return answer;
  }

  /** The list as the route answers it. */
  async list(query = ""): Promise<Listed[]> {
    return (await this.operator(`/attention${query}`)).data;
  }

  /** Only one kind of it. */
  async listed(kind: string, query = ""): Promise<Listed[]> {
    return (await this.list(query)).filter((item) => item.kind === kind);
  }

  /** Runs a command with the settings of the running service, in this process. */
  async cli(...args: string[]): Promise<CliRun> {
    const settings = () => settingsOf({ ...this.billing.env, PUBLIC_URL, ...this.#env });
    const run = await runCli(args, operatorCommands(settings, "ada"));
    await this.billing.sandbox.settled();
    return run;
  }

  /** Runs a command that has to succeed. */
  async succeed(...args: string[]): Promise<CliRun> {
    const run = await this.cli(...args);
    expect(run.code, `${args.join(" ")}: ${run.out}${run.err}`).to.equal(0);
    return run;
  }

  async #delivered<T>(work: Promise<T>): Promise<T> {
    const done = await work;
    await this.billing.sandbox.settled();
    return done;
  }
}
