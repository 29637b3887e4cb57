/**
 * What many customers with subscriptions cost the sandbox: memory for each, and the time in which
 * a month passes for all of them, without a webhook endpoint. A tenth of them is measured first in
 * the same run: what one customer costs should not depend on how many there are.
 *
 * `node --max-old-space-size=4096 --expose-gc bench/sandbox_bench.ts [customers]`
 */
import { Account } from "../sandbox/account.ts";
import type { FormHash } from "../sandbox/api/form.ts";
import { ROUTES } from "../sandbox/api/routes.ts";
import { completeSession } from "../sandbox/engine/checkout/checkout.ts";
import { emptyState, type State } from "../sandbox/state/state.ts";
import type { WireCheckoutSession } from "../sandbox/state/wire.ts";
import { countsOf } from "./method/counts_of.ts";

const CARD = { number: "4242424242424242", expMonth: 12, expYear: 2030, email: null, name: null };
const NO_IDS = { id: "", second: "" };
const DAY_MS = 86_400_000;
const START_MS = Date.parse("2026-01-15T10:00:00Z");
const { customers } = countsOf({ customers: 100_000 });

interface Figures {
  customers: number;
  created: Cost;
  month: Cost;
  firstPageMs: number;
}

interface Cost {
  seconds: number;
  /** What the processor worked in that time, for machines that have other things to do. */
  cpuSeconds: number;
  mebibytes: number;
}

/** Memory in use after what nothing refers to has been collected. */
function mebibytesInUse(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 2 ** 20;
}

function measure(count: number): Figures {
  const before = mebibytesInUse();
  const account = new Account({
    state: emptyState(),
    now: () => START_MS,
    deliver: () => undefined,
  });
  account.baseUrl = "http://127.0.0.1:12111";
  const cost = (work: () => void): Cost => {
    const [start, cpuBefore] = [performance.now(), process.cpuUsage()];
    work();
    const seconds = (performance.now() - start) / 1000;
    const { user, system } = process.cpuUsage(cpuBefore);
    return { seconds, cpuSeconds: (user + system) / 1e6, mebibytes: mebibytesInUse() - before };
  };
  const created = cost(() => subscribeAll(account, count));
  const month = cost(() => account.advanceTo(START_MS + 32 * DAY_MS));
  const start = performance.now();
  call(account, "GET /v1/customers", { limit: "100" });
  call(account, "GET /v1/events", { limit: "100" });
  return { customers: count, created, month, firstPageMs: performance.now() - start };
}

function subscribeAll(account: Account, count: number): void {
  const product = call(account, "POST /v1/products", { name: "Pro" });
  const recurring = { interval: "month" };
  const price = call(account, "POST /v1/prices", {
    product,
    currency: "usd",
    unit_amount: "4900",
    recurring,
  });
  for (let number = 0; number < count; number++) {
    const customer = call(account, "POST /v1/customers", {
      email: `customer${number}@example.com`,
      name: `Customer ${number}`,
    });
    const session = call(account, "POST /v1/checkout/sessions", {
      customer,
      mode: "subscription",
      line_items: [{ price, quantity: "1" }],
      success_url: "https://app.example.com/done",
    });
    account.transact((tx) => completeSession(tx, openSession(tx.state, session), CARD));
  }
}

function openSession(state: State, id: string): WireCheckoutSession {
  const session = state.checkoutSessions.get(id);
  if (session === undefined) {
    throw new Error(`Cannot measure: the sandbox has no session ${id}`);
  }
  return session;
}

/** Makes a request as the API does; answers the id of its object. */
function call(account: Account, name: string, form: FormHash): string {
  const route = ROUTES.find(({ method, path }) => `${method} ${path}` === name);
  if (route === undefined) {
    throw new Error(`Cannot measure: the sandbox has no ${name}`);
  }
  const { id } = account.transact(route.prepare(form, NO_IDS)) as { id?: string };
  return id ?? "";
}

function show({ customers: count, created, month, firstPageMs }: Figures): void {
  const each = ({ mebibytes }: Cost) => `${((mebibytes * 1024) / count).toFixed(1)} KB each`;
  const line = (what: string, cost: Cost) =>
    `  ${what.padEnd(16)}${cost.seconds.toFixed(1)} s, ${cost.cpuSeconds.toFixed(1)} s of CPU, ` +
    `${((cost.cpuSeconds * 1000) / count).toFixed(2)} ms each; ` +
    `${cost.mebibytes.toFixed(0)} MiB, ${each(cost)}\n`;
  process.stdout.write(
    `${count} customers\n${line("subscribed", created)}${line("a month later", month)}` +
      `  first pages     ${firstPageMs.toFixed(1)} ms\n`,
  );
}

const tenth = measure(Math.ceil(customers / 10));
show(tenth);
const all = measure(customers);
show(all);
const perCustomer = ({ month, customers: count }: Figures) => month.cpuSeconds / count;
process.stdout.write(
  `A month costs each customer ${(perCustomer(all) / perCustomer(tenth)).toFixed(2)} times as much as among a tenth as many\n`,
);
