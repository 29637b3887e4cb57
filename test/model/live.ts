import { completeSession } from "../../sandbox/engine/checkout/checkout.ts";
import { isLive } from "../../sandbox/engine/subscriptions.ts";
import type { WireCheckoutSession } from "../../sandbox/state/wire.ts";
import type { Step } from "./history.ts";
import { atProvider, cardOf, tenant, unlessRefused } from "./life.ts";
import { RETURN, tolerant, type World } from "./world.ts";

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
    case "clock":
      world.setClock(step.at, step.offMs);
      return;
    case "read":
    case "buy":
    case "pack":
    case "deliver":
    case "again":
    case "work":
      return await atService(world, step);
    default:
      atProvider(world, step);
  }
}

type ServiceStep = Extract<Step, { do: "read" | "buy" | "pack" | "deliver" | "again" | "work" }>;

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
    case "pack":
      return await buyPack(world, step);
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

async function buy(world: World, step: Extract<Step, { do: "buy" }>): Promise<void> {
  const { who, plan: planSlug, interval } = step;
  const started = await tolerant(() =>
    world.process(who).startCheckout.execute({ ...tenant(step), planSlug, interval, ...RETURN }),
  );
  // Nobody pays twice here: what becomes of that is a matter of its own (P18).
  const { subscriptions } = world.provider.state;
  const has = [...subscriptions.values()].some(
    (found) => found.metadata.tenantId === tenant(step).tenantId && isLive(found),
  );
  if (started?.type === "started" && !has) {
    pay(world, started.url, step.card);
  }
}

async function buyPack(world: World, step: Extract<Step, { do: "pack" }>): Promise<void> {
  const { who, pack: packSlug } = step;
  const started = await tolerant(() =>
    world.process(who).startPackCheckout.execute({ ...tenant(step), packSlug, ...RETURN }),
  );
  if (started?.type === "started") {
    pay(world, started.url, "4242424242424242");
  }
}

/** Pays an open Checkout. */
export function pay(world: World, url: string, card: string): void {
  const sessions: Iterable<WireCheckoutSession> = world.provider.state.checkoutSessions.values();
  const session = [...sessions].find((found) => found.url === url);
  if (session?.status === "open") {
    unlessRefused(world, (tx) => {
      completeSession(tx, session, cardOf(card));
      return undefined;
    });
  }
}

/** Some of the mail, in any order, with copies at the same time. */
async function deliver(world: World, picks: readonly number[], at: number): Promise<void> {
  const chosen = picks.flatMap((pick) => world.mail[pick % Math.max(1, world.mail.length)] ?? []);
  world.tally.count("event delivered beside others", chosen.length > 1 ? chosen.length : 0);
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
