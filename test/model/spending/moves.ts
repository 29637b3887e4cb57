import { cancelAtPeriodEnd, keepSubscription } from "../../../sandbox/engine/cancellation.ts";
import { findTestCard } from "../../../sandbox/engine/cards.ts";
import { completeSession } from "../../../sandbox/engine/checkout/checkout.ts";
import { setDefaultCard } from "../../../sandbox/engine/customers.ts";
import { payHostedInvoice } from "../../../sandbox/engine/invoicing/pay_hosted_invoice.ts";
import { updateCard } from "../../../sandbox/engine/portal.ts";
import {
  changeableItem,
  checkChoice,
  confirmChoice,
} from "../../../sandbox/engine/portal_update.ts";
import { releaseSchedule, scheduleOf } from "../../../sandbox/engine/schedules.ts";
import { scheduledEnd } from "../../../sandbox/engine/subscriptions.ts";
import type { Transaction } from "../../../sandbox/engine/transaction.ts";
import {
  buildSepaDebit,
  keepPaymentMethod,
} from "../../../sandbox/engine/wallet/payment_methods.ts";
import type { WireCustomer, WireSubscription } from "../../../sandbox/state/wire.ts";
import { cardOf, unlessRefused } from "../life.ts";
import { RETURN, tolerant } from "../world.ts";
import type { SpendingTenant } from "./spending_tenant.ts";

export const CARDS = {
  good: "4242424242424242",
  declines: "4000000000000341",
  challenge: "4000002500003155",
  always_challenge: "4000000000003220",
  debit: "DE89370400440532013000",
  failing_debit: "DE62370400440532013001",
} as const;

export type Card = keyof typeof CARDS;
export type Plan = "starter" | "pro" | "business";
export type Interval = "month" | "year";

/** Something that a tenant does by itself. */
export type Move =
  /** Asks for a plan, and confirms what it is led to, at once or later. */
  | { readonly do: "take"; plan: Plan; interval: Interval; card: Card; later: boolean }
  /** Confirms something that it was led to before. */
  | { readonly do: "follow"; pick: number; card: Card }
  | { readonly do: "card"; card: Card }
  | { readonly do: "cancel" | "resume" | "keep_plan" }
  /** Pays an open invoice on its page. */
  | { readonly do: "pay"; pick: number; card: Card }
  | { readonly do: "wait"; hours: number; unseen: boolean }
  /** Waits until so many minutes after its period ends. */
  | { readonly do: "await_renewal"; minutes: number; unseen: boolean }
  | { readonly do: "spend"; percent: number };

const HOUR_MS = 3_600_000;

/** Makes a move, with a look before and after it. */
export async function make(tenant: SpendingTenant, move: Move, links: string[]): Promise<void> {
  switch (move.do) {
    case "wait":
      await goOn(tenant, tenant.nowMs + move.hours * HOUR_MS, move.unseen);
      return;
    case "await_renewal": {
      const end = tenant.live()?.items.data[0]?.current_period_end ?? 0;
      if (end * 1_000 < tenant.nowMs + 45 * 24 * HOUR_MS) {
        await goOn(tenant, end * 1_000 + move.minutes * 60_000, move.unseen);
      }
      return;
    }
    case "spend":
      await tenant.look();
      await tenant.useShare(move.percent / 100);
      return;
    case "take":
      await take(tenant, move, links);
      break;
    case "follow": {
      const link = links[move.pick % Math.max(1, links.length)];
      if (link !== undefined) {
        follow(tenant, link, move.card);
      }
      break;
    }
    default:
      atPages(tenant, move);
  }
  await tenant.look();
}

async function goOn(tenant: SpendingTenant, until: number, unseen: boolean): Promise<void> {
  if (unseen) {
    tenant.unseenUntil(Math.max(until, tenant.nowMs));
    tenant.world.tally.count("time unseen");
  } else {
    await tenant.until(until);
  }
}

async function take(
  tenant: SpendingTenant,
  { plan: planSlug, interval, card, later }: Extract<Move, { do: "take" }>,
  links: string[],
): Promise<void> {
  const { tenantId, world } = tenant;
  const wish = { tenantId, planSlug, interval, ...RETURN };
  const led = await tolerant(() => world.process(0).startCheckout.execute(wish));
  if (led === undefined || !("url" in led) || typeof led.url !== "string") {
    tenant.world.tally.count(`refused: ${led?.type ?? "failed"}`);
    return;
  }
  if (later) {
    links.push(led.url);
    tenant.world.tally.count("link kept");
  } else {
    follow(tenant, led.url, card);
  }
}

/** Confirms what a link leads to: Checkout, or a change in the Portal. */
export function follow(tenant: SpendingTenant, link: string, card: Card): void {
  const { world } = tenant;
  const { state } = world.provider;
  const id = new URL(link).pathname.split("/").at(-1) ?? "";
  const session = state.checkoutSessions.get(id);
  if (session !== undefined) {
    if (session.status === "open" && findTestCard(CARDS[card])?.behavior !== "declined") {
      const number = findTestCard(CARDS[card]) === undefined ? CARDS.good : CARDS[card];
      unlessRefused(world, (tx) => {
        completeSession(tx, session, cardOf(number));
        return "checkout";
      });
    }
    return;
  }
  const visit = state.portalSessions.get(id);
  const wanted = visit?.flow?.subscription_update_confirm;
  const configuration = state.portalConfigurations.get(String(visit?.configuration));
  if (wanted === undefined || wanted === null || configuration === undefined) {
    world.tally.count(`led elsewhere: ${visit?.flow?.type ?? "home"}`);
    return;
  }
  unlessRefused(world, (tx) => {
    const subscription = tx.state.subscriptions.get(wanted.subscription);
    const price = tx.state.prices.get(wanted.items[0]?.price ?? "");
    if (subscription === undefined || price === undefined) {
      return undefined;
    }
    const { features } = configuration;
    const item = changeableItem(tx.state, features, subscription);
    const choice = { subscription, item, price, quantity: item.quantity ?? 1 };
    checkChoice(tx.state, features, choice);
    confirmChoice(tx, features, choice);
    return scheduleOf(tx.state, subscription) === undefined ? "change" : "change put off";
  });
}

function atPages(
  tenant: SpendingTenant,
  move: Extract<Move, { do: "card" | "cancel" | "resume" | "keep_plan" | "pay" }>,
): void {
  unlessRefused(tenant.world, (tx) => {
    const subscription = tenant.live();
    const customer = [...tx.state.customers.values()].find(
      ({ metadata }) => metadata.tenantId === tenant.tenantId,
    );
    if (customer === undefined) {
      return undefined;
    }
    switch (move.do) {
      case "card":
        changeCard(tx, customer, move.card);
        return `card ${move.card}`;
      case "pay": {
        const open = [...tx.state.invoices.values()].filter(
          (invoice) => invoice.customer === customer.id && invoice.status === "open",
        );
        const invoice = open[move.pick % Math.max(1, open.length)];
        const card = findTestCard(CARDS[move.card]) === undefined ? "good" : move.card;
        return invoice && payHostedInvoice(tx, invoice, cardOf(CARDS[card])) ? "paid" : undefined;
      }
      case "cancel":
      case "resume":
      case "keep_plan":
        return subscription && endOrGoOn(tx, subscription, move.do);
      default:
        return move satisfies never;
    }
  });
}

function endOrGoOn(
  tx: Transaction,
  subscription: WireSubscription,
  what: "cancel" | "resume" | "keep_plan",
): string | undefined {
  const ends = scheduledEnd(subscription) !== null;
  const schedule = scheduleOf(tx.state, subscription);
  if (what === "keep_plan" ? schedule === undefined : ends !== (what === "resume")) {
    return undefined;
  }
  if (what === "cancel") {
    cancelAtPeriodEnd(tx, subscription);
  } else if (what === "resume") {
    keepSubscription(tx, subscription);
  } else if (schedule !== undefined) {
    releaseSchedule(tx, schedule);
  }
  return what;
}

/** Another card or bank account in the Portal. */
export function changeCard(tx: Transaction, customer: WireCustomer, card: Card): void {
  const number = CARDS[card];
  if (findTestCard(number) !== undefined) {
    updateCard(tx, customer, cardOf(number));
    return;
  }
  const method = keepPaymentMethod(tx, {
    type: "sepa_debit",
    number,
    sepa_debit: buildSepaDebit(number),
    customer: customer.id,
    allow_redisplay: "limited",
    billing_details: { email: "owner@example.com", name: null },
  });
  setDefaultCard(tx, customer, method.id);
}
