import {
  cancelAtPeriodEnd,
  cancelNow,
  keepSubscription,
  scheduleEnd,
} from "../../sandbox/engine/cancellation.ts";
import { completeSession } from "../../sandbox/engine/checkout.ts";
import { deleteCustomer } from "../../sandbox/engine/customers.ts";
import { changePlan } from "../../sandbox/engine/plan_change.ts";
import { updateCard } from "../../sandbox/engine/portal.ts";
import { RequestError } from "../../sandbox/engine/request_error.ts";
import { scheduleChange } from "../../sandbox/engine/schedules.ts";
import { isLive } from "../../sandbox/engine/subscriptions.ts";
import { emitChange, type Transaction } from "../../sandbox/engine/transaction.ts";
import type { WirePrice, WireSubscription } from "../../sandbox/state/wire.ts";
import type { Step } from "./history.ts";
import { TENANTS, tolerant, type World } from "./world.ts";

const HOUR_MS = 3_600_000;

/** Lets one step of a history happen; what the service does for it may take longer. */
export async function live(world: World, step: Step): Promise<void> {
  // No two things of a tenant's life happen in the same second.
  world.provider.advanceTo(world.provider.nowMs() + 1_000);
  world.disturbance.nextStep();
  switch (step.do) {
    case "wait":
      world.provider.advanceTo(world.provider.nowMs() + step.hours * HOUR_MS);
      return;
    case "weather":
      world.disturbance.rates = { stripe: step.stripe, store: step.store, stall: step.stall };
      return;
    case "crash":
      world.crash(step.at);
      return;
    case "read":
    case "buy":
    case "deliver":
    case "again":
    case "work":
      return await atService(world, step);
    default:
      atProvider(world, step);
  }
}

type ServiceStep = Extract<Step, { do: "read" | "buy" | "deliver" | "again" | "work" }>;

async function atService(world: World, step: ServiceStep): Promise<void> {
  const going = world.beside(serve(world, step));
  if ("beside" in step && step.beside) {
    await new Promise((resolve) => setImmediate(resolve));
  } else {
    await world.disturbance.untilStalled(going);
  }
}

async function serve(world: World, step: ServiceStep): Promise<unknown> {
  switch (step.do) {
    case "read":
      return await tolerant(() => world.process(step.at).readSubscription.execute(tenant(step)));
    case "buy":
      return await buy(world, step);
    case "deliver":
      return await deliver(world, step.picks, step.at);
    case "again":
      return await deliverAgain(world, step.pick, step.at);
    case "work":
      return await work(world, step.at);
    default:
      return step satisfies never;
  }
}

/** What the tenant or an operator does at the provider. */
type LifeStep = Extract<
  Step,
  { do: "change" | "schedule" | "cancel" | "keep" | "card" | "delete" }
>;

function atProvider(world: World, step: LifeStep): void {
  unlessRefused(world, (tx) => change(tx, step));
}

function unlessRefused({ provider }: World, happen: (tx: Transaction) => void): void {
  try {
    provider.transact(happen);
  } catch (error) {
    // What the provider refuses does not happen.
    if (!(error instanceof RequestError)) {
      throw error;
    }
  }
}

function change(tx: Transaction, step: LifeStep): void {
  const { tenantId } = tenant(step);
  const customer = [...tx.state.customers.values()].find((c) => c.metadata.tenantId === tenantId);
  const subscription = [...tx.state.subscriptions.values()].find(
    (found) => found.metadata.tenantId === tenantId && isLive(found),
  );
  if (customer === undefined) {
    return;
  }
  if (step.do === "delete") {
    deleteCustomer(tx, customer);
  } else if (step.do === "card") {
    updateCard(tx, customer, cardOf(step.card));
  } else if (subscription !== undefined) {
    changeSubscription(tx, subscription, step);
  }
}

type SubscriptionStep = Exclude<LifeStep, { do: "delete" | "card" }>;

function changeSubscription(
  tx: Transaction,
  subscription: WireSubscription,
  step: SubscriptionStep,
): void {
  switch (step.do) {
    case "cancel":
      cancel(tx, subscription, step.how);
      break;
    case "keep":
      keepSubscription(tx, subscription);
      break;
    case "schedule":
      scheduleChange(tx, subscription, { price: priceOf(tx, step.plan, "month"), quantity: 1 });
      break;
    case "change":
      changePrice(tx, subscription, step);
      break;
    default:
      step satisfies never;
  }
}

function cancel(tx: Transaction, subscription: WireSubscription, how: string): void {
  if (how === "now") {
    cancelNow(tx, subscription, "cancellation_requested");
  } else if (how === "portal") {
    cancelAtPeriodEnd(tx, subscription);
  } else {
    emitChange(tx, "customer.subscription.updated", subscription, (changed) => {
      scheduleEnd(tx, changed, { kind: "at_period_end" });
    });
  }
}

function changePrice(
  tx: Transaction,
  subscription: WireSubscription,
  step: Extract<LifeStep, { do: "change" }>,
): void {
  const [item] = subscription.items.data;
  if (item !== undefined) {
    changePlan(tx, subscription, {
      item,
      price: priceOf(tx, step.plan, step.interval),
      quantity: 1,
      prorationBehavior: step.how,
      prorationDate: tx.now,
      resetAnchor: false,
      endTrial: false,
    });
  }
}

function priceOf(tx: Transaction, plan: string, interval: string): WirePrice {
  const price = [...tx.state.prices.values()].find(
    ({ lookup_key, active }) => active && lookup_key === `mailingcore_${plan}_${interval}`,
  );
  if (price === undefined) {
    throw new TypeError(`Cannot find the price of ${plan} per ${interval}`);
  }
  return price;
}

async function buy(world: World, step: Extract<Step, { do: "buy" }>): Promise<void> {
  const started = await tolerant(() =>
    world.process(step.who).startCheckout.execute({
      ...tenant(step),
      planSlug: step.plan,
      interval: step.interval,
      successUrl: "https://app.example.com/done",
      cancelUrl: "https://app.example.com/plans",
    }),
  );
  if (started?.type !== "started") {
    return;
  }
  const session = [...world.provider.state.checkoutSessions.values()].find(
    ({ url }) => url === started.url,
  );
  // Nobody pays twice here: what becomes of that is a matter of its own (P18).
  const { subscriptions } = world.provider.state;
  const has = [...subscriptions.values()].some(
    (found) => found.metadata.tenantId === tenant(step).tenantId && isLive(found),
  );
  if (session?.status === "open" && !has) {
    unlessRefused(world, (tx) => completeSession(tx, session, cardOf(step.card)));
  }
}

/** Some of the mail, in any order, with copies at the same time. */
async function deliver(world: World, picks: readonly number[], at: number): Promise<void> {
  const chosen = picks.flatMap((pick) => world.mail[pick % Math.max(1, world.mail.length)] ?? []);
  await Promise.all(chosen.map((event, index) => world.deliver(event, at + (index % 2))));
}

/** A copy of an event that may have been delivered long ago. */
async function deliverAgain(world: World, pick: number, at: number): Promise<void> {
  const all = [...world.provider.state.events.values()];
  const event = all[pick % Math.max(1, all.length)];
  if (event !== undefined) {
    await world.deliver(event, at);
  }
}

/** One round of the worker. */
export async function work(world: World, at: number): Promise<number> {
  const handled = await tolerant(() => world.process(at).handleDueEvents.execute({ limit: 100 }));
  return handled?.length ?? 1;
}

function tenant({ who }: { who: number }): { tenantId: string } {
  return { tenantId: TENANTS[who === 1 ? 1 : 0] };
}

function cardOf(number: string) {
  return { number, expMonth: 12, expYear: 2034, email: "owner@example.com", name: null };
}
