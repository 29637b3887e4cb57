/**
 * A process that counts and spends for tenants until it is killed. It reads orders line by line, and
 * ends with its input, hence with the process that started it.
 * @module
 */
import process from "node:process";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import type { Billing } from "../../src/application/billing.ts";
import { PortError } from "../../src/application/ports/port_error.ts";
import type { MovableStore } from "../../src/application/ports/store_transfer.ts";
import { billingSettings } from "../../src/composition/billing_settings.ts";
import { LEDGER_KEYS } from "../crash/crash_orders.ts";
import { BillingFixture } from "../rig/billing_fixture.ts";
import type { Answer, Call, DayStore, Order } from "./day_orders.ts";
import { timeOf } from "./day_orders.ts";

const EXPIRY_PAUSE_MS = 100;

let aheadMs = 0;
let billing: Billing | undefined;

function say(answer: Answer): void {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

async function open(store: DayStore): Promise<MovableStore> {
  if (store.kind === "sqlite") {
    const { openSqliteStore } = await import("../../src/adapters/sqlite/open_sqlite_store.ts");
    return openSqliteStore(store.path);
  }
  const { openMongoStore } = await import("../../src/adapters/mongodb/open_mongo_store.ts");
  return await untilDone(() => openMongoStore({ url: store.url, autoIndex: false }));
}

/** Does something again while what is in the way may pass. */
async function untilDone<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof PortError && error.transient)) {
        throw error;
      }
    }
  }
}

async function outcomeOf(found: Billing, call: Call): Promise<{ type: string; month?: Date }> {
  const { tenantId, key } = call;
  switch (call.do) {
    case "debit":
      return await found.spendTokens.execute({ tenantId, key, tokens: call.tokens });
    case "reserve":
      return await found.reserveTokens.execute(call);
    case "commit":
      return await found.commitReservation.execute({ tenantId, key, tokens: call.tokens });
    case "release":
      return await found.releaseReservation.execute({ tenantId, key });
    case "unsend":
      return await found.releaseEmailQuota.execute({ tenantId, key });
    case "send": {
      const sent = await found.consumeEmailQuota.execute({ tenantId, key, count: call.count });
      const isCertain = sent.type === "counted" && !sent.repeated;
      return isCertain ? { type: sent.type, month: sent.periodStart } : sent;
    }
    default:
      return call satisfies never;
  }
}

async function answer(found: Billing, id: number, call: Call): Promise<void> {
  try {
    const { type, month } = await outcomeOf(found, call);
    say({ answer: "done", id, type, month: month?.toISOString() ?? null });
  } catch (error) {
    if (!(error instanceof PortError && error.transient)) {
      throw error;
    }
    say({ answer: "failed", id });
  }
}

async function expire(found: Billing): Promise<never> {
  for (;;) {
    await untilDone(() => found.expireReservations.execute({}));
    await pause(EXPIRY_PAUSE_MS);
  }
}

async function start({ store, clock }: Extract<Order, { order: "start" }>): Promise<void> {
  const settings = billingSettings({
    livemode: false,
    dashboardUrl: "https://app.example.com/",
    ledgerKeys: LEDGER_KEYS,
  });
  const fixture = new BillingFixture(await open(store));
  billing = fixture.process({ settings, clock: () => new Date(timeOf(clock) + aheadMs) });
  void expire(billing);
  say({ answer: "ready" });
}

for await (const line of createInterface({ input: process.stdin })) {
  const order: Order = JSON.parse(line);
  if (order.order !== "call") {
    aheadMs = order.aheadMs;
  }
  if (order.order === "start") {
    await start(order);
  } else if (order.order === "call" && billing !== undefined) {
    void answer(billing, order.id, order.call);
  }
}
process.exit();
