import { Stripe } from "stripe";
import { failRefund } from "../../../sandbox/engine/paying/refunds.ts";
import { PACK_KIND } from "../../../src/adapters/stripe/checkout/pack_checkout_params.ts";
import { unlessRefused } from "../life.ts";
import { live, pay } from "../live.ts";
import { TENANTS, tolerant, type World } from "../world.ts";
import type { Payer, Purchase, Says } from "./purchase.ts";

const [TENANT, OTHER] = TENANTS;
const GOOD = "4242424242424242";
const FAILS_LATER = "4000000000000341";

/** Who and what a history is played with. */
export interface Shop {
  readonly world: World;
  readonly stripe: Stripe;
  /** The customers that were made by hand. */
  readonly customers: Map<Payer, string>;
}

/** Makes a purchase; what Stripe refuses does not happen. */
export async function makePurchase(shop: Shop, purchase: Purchase): Promise<void> {
  try {
    await make(shop, purchase);
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeError)) {
      throw error;
    }
  }
}

async function make(shop: Shop, purchase: Purchase): Promise<unknown> {
  const { world, stripe } = shop;
  const { customers, subscriptions, invoices, charges, refunds } = world.provider.state;
  switch (purchase.do) {
    case "buy":
      return await live(world, { ...purchase, who: 0, card: GOOD });
    case "pack":
      return await live(world, { ...purchase, who: 0 });
    case "wait":
      return await live(world, purchase);
    case "card":
      return await live(world, { do: "card", who: 0, card: purchase.fails ? FAILS_LATER : GOOD });
    case "look":
      return await tolerant(() => world.process(0).synchronizeTenant.execute({ tenantId: TENANT }));
    case "compare":
      return await world.process(0).reconcile.execute({});
    case "end": {
      const { when, redact } = purchase;
      const wish = { tenantId: TENANT, when, redact, refund: false };
      return await tolerant(() => world.process(0).endTenant.execute(wish));
    }
    case "subscribe":
      return await subscribe(shop, purchase);
    case "sell_pack":
      return await sellPack(shop, purchase);
    case "pay_bare":
      return await payBare(shop, purchase);
    case "invoice":
      return await invoice(shop, purchase);
    case "add_to_renewal": {
      const customer = await payerOf(shop, purchase.payer);
      return await stripe.invoiceItems.create({ customer, pricing: { price: packPrice(world) } });
    }
    case "change":
      return await change(shop, purchase);
    case "cancel": {
      const id = pickOf([...subscriptions.values()], purchase.pick)?.id ?? "";
      return purchase.atEnd
        ? await stripe.subscriptions.update(id, { cancel_at_period_end: true })
        : await stripe.subscriptions.cancel(id);
    }
    case "collect": {
      const open = [...invoices.values()].filter(({ status }) => status === "open");
      return await stripe.invoices.pay(pickOf(open, purchase.pick)?.id ?? "");
    }
    case "refund": {
      const left = [...charges.values()].filter((one) => one.paid && !one.refunded);
      const charge = pickOf(left, purchase.pick);
      const open = (charge?.amount ?? 0) - (charge?.amount_refunded ?? 0);
      const amount = Math.ceil((open * purchase.percent) / 100);
      return await stripe.refunds.create({ charge: charge?.id ?? "", amount });
    }
    case "bounce": {
      const refund = pickOf([...refunds.values()], purchase.pick);
      return unlessRefused(world, (tx) => {
        if (refund !== undefined) {
          failRefund(tx, refund);
        }
        return undefined;
      });
    }
    case "credit": {
      const paid = [...invoices.values()].filter(({ amount_paid }) => amount_paid > 0);
      const { id = "", amount_paid: amount = 0 } = pickOf(paid, purchase.pick) ?? {};
      const way = purchase.how === "balance" ? "credit_amount" : "out_of_band_amount";
      return await stripe.creditNotes.create({ invoice: id, amount, [way]: amount });
    }
    case "delete":
      return await stripe.customers.del(pickOf([...customers.values()], purchase.pick)?.id ?? "");
    default:
      return purchase satisfies never;
  }
}

async function subscribe(
  shop: Shop,
  { payer, plan, says, ends, quantity, beside }: Extract<Purchase, { do: "subscribe" }>,
): Promise<unknown> {
  const customer = await payerOf(shop, payer);
  const method = await shop.stripe.paymentMethods.attach("pm_card_visa", { customer });
  return await shop.stripe.subscriptions.create({
    customer,
    default_payment_method: method.id,
    items: [
      { price: planPrice(shop.world, plan), quantity },
      ...(beside === null || beside === plan ? [] : [{ price: planPrice(shop.world, beside) }]),
    ],
    cancel_at_period_end: ends,
    metadata: metadataOf(says),
  });
}

async function sellPack(
  shop: Shop,
  { payer, says, clearly }: Extract<Purchase, { do: "sell_pack" }>,
): Promise<void> {
  const customer = payer === "guest" ? undefined : await payerOf(shop, payer);
  const clear = { packSlug: "growth", tokens: "50000" };
  const { url } = await shop.stripe.checkout.sessions.create({
    mode: "payment",
    line_items: [{ price: packPrice(shop.world), quantity: 1 }],
    success_url: "https://app.example.com/done",
    ...(customer && { customer }),
    metadata:
      says === "nothing" ? {} : { kind: PACK_KIND, ...metadataOf(says), ...(clearly && clear) },
  });
  pay(shop.world, url ?? "", GOOD);
}

async function payBare(
  shop: Shop,
  { payer, says }: Extract<Purchase, { do: "pay_bare" }>,
): Promise<unknown> {
  return await shop.stripe.paymentIntents.create({
    amount: 2_000,
    currency: "eur",
    customer: await payerOf(shop, payer),
    payment_method: "pm_card_visa",
    off_session: true,
    confirm: true,
    metadata: { kind: PACK_KIND, ...metadataOf(says) },
  });
}

async function invoice(
  shop: Shop,
  { payer, what, paid }: Extract<Purchase, { do: "invoice" }>,
): Promise<void> {
  const { world, stripe } = shop;
  const customer = await payerOf(shop, payer);
  const method = await stripe.paymentMethods.attach("pm_card_visa", { customer });
  const { id = "" } = await stripe.invoices.create({
    customer,
    currency: "eur",
    auto_advance: false,
    pending_invoice_items_behavior: "exclude",
    default_payment_method: method.id,
  });
  const price = what === "pack" ? packPrice(world) : await oncePrice(shop);
  await stripe.invoiceItems.create({ customer, invoice: id, pricing: { price } });
  await stripe.invoices.finalizeInvoice(id);
  if (paid) {
    await stripe.invoices.pay(id);
  }
}

async function change(
  { world, stripe }: Shop,
  { pick, plan }: Extract<Purchase, { do: "change" }>,
): Promise<unknown> {
  const running = [...world.provider.state.subscriptions.values()].filter(
    ({ status }) => status === "active",
  );
  const subscription = pickOf(running, pick);
  const item = subscription?.items.data[0]?.id ?? "";
  return await stripe.subscriptions.update(subscription?.id ?? "", {
    items: [{ id: item, price: planPrice(world, plan) }],
    proration_behavior: "always_invoice",
  });
}

/** The customer that pays: the tenant's own once it has one. */
async function payerOf({ world, stripe, customers }: Shop, payer: Payer): Promise<string> {
  const own = payer === "own" && (await world.store.accounts.find(TENANT))?.customerId;
  const known = own || customers.get(payer);
  if (known && world.provider.state.customers.has(known)) {
    return known;
  }
  const { id } = await stripe.customers.create({
    metadata: payer === "nobody" ? {} : { tenantId: TENANT },
  });
  customers.set(payer, id);
  return id;
}

function metadataOf(says: Says): Record<string, string> {
  const named = { own: TENANT, other: OTHER, no_such_tenant: "clnobody01" };
  return says === "nothing" ? {} : { tenantId: named[says] };
}

function planPrice({ provider }: World, plan: string): string {
  const key = `mailingcore_${plan}_month`;
  return [...provider.state.prices.values()].find((one) => one.lookup_key === key)?.id ?? "";
}

function packPrice({ provider }: World): string {
  const key = "mailingcore_pack_growth_once";
  return [...provider.state.prices.values()].find((one) => one.lookup_key === key)?.id ?? "";
}

async function oncePrice({ world, stripe }: Shop): Promise<string> {
  const { product } = await stripe.prices.retrieve(planPrice(world, "pro"));
  const price = { product: String(product), currency: "eur", unit_amount: 2_900 };
  return (await stripe.prices.create(price)).id;
}

/** The newest first. */
function pickOf<T>(all: readonly T[], pick: number): T | undefined {
  return all.toReversed()[pick % Math.max(1, all.length)];
}
