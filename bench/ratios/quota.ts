import { join } from "node:path";
import { openSqliteStore } from "../../src/adapters/sqlite/open_sqlite_store.ts";
import { connectStripe } from "../../src/adapters/stripe/connect_stripe.ts";
import { createBilling, type EmbeddedBilling } from "../../src/mod.ts";
import { conditionalUpdate } from "../baselines/conditional_update.ts";
import { MemoryCounter } from "../baselines/memory_counter.ts";
import { inFolder } from "../method/in_folder.ts";
import { type Comparison, compare, cpuOfCalls, cpuOfLoop } from "../method/rounds.ts";
import { saveFreePlan } from "../method/save_free_plan.ts";

const TENANT = "clbench0001";
const EMAIL_LIMIT = 1_000_000_000;
const ROUNDS = 15;
const SENDS = 1_000;
const LEASED_SENDS = 200_000;
const BATCH = 100;
/** The largest block: a process that sends a million a second comes back for more 50 times. */
const LEASED_EMAILS = 100_000;

/** Counting a send in the process that sends, beside one conditional `UPDATE` on the same disk. */
export function quota(): Promise<readonly Comparison[]> {
  return inFolder("quota", async (folder) => {
    const path = join(folder, "billing.db");
    await saveFreePlan(path, EMAIL_LIMIT);
    const [one, other] = ["one", "other"].map((name) => conditionalUpdate(join(folder, name)));
    const billing = embeddedQuota(path, false);
    const comparison = await compare(
      {
        baseline: {
          name: "one conditional UPDATE",
          cost: () => cpuOfCalls(SENDS, () => one?.consume()),
        },
        control: {
          name: "one conditional UPDATE again",
          cost: () => cpuOfCalls(SENDS, () => other?.consume()),
        },
        variants: [
          {
            name: "quota embedded, no key",
            aim: 0.9,
            cost: () => cpuOfCalls(SENDS, () => count(billing)),
          },
          {
            name: "quota embedded, with a key",
            aim: 0.85,
            cost: (round) =>
              cpuOfCalls(SENDS, (number) => count(billing, { key: `${round}-${number}` })),
          },
        ],
      },
      { rounds: ROUNDS },
    );
    one?.close();
    other?.close();
    await billing.close();
    return [comparison];
  });
}

/** Counting from blocks that this process has leased, beside a counter in memory. */
export function leases(): Promise<readonly Comparison[]> {
  return inFolder("leases", async (folder) => {
    const path = join(folder, "billing.db");
    await saveFreePlan(path, EMAIL_LIMIT);
    const billing = embeddedQuota(path, true);
    const counters = [new MemoryCounter(EMAIL_LIMIT), new MemoryCounter(EMAIL_LIMIT)];
    const counting = async (counter: MemoryCounter | undefined) =>
      cpuOfLoop(LEASED_SENDS, () => {
        for (let number = 0; number < LEASED_SENDS; number += 1) {
          if (counter?.tryConsume(tenantOf(number), 1) === undefined) {
            throw new Error("Cannot measure: the counter is full");
          }
        }
      });
    const { consumeEmailQuota } = billing;
    const comparison = await compare(
      {
        baseline: { name: "a synchronous counter in memory", cost: () => counting(counters[0]) },
        control: { name: "a counter in memory again", cost: () => counting(counters[1]) },
        variants: [
          {
            name: "quota with leases, at once",
            aim: 0.2,
            cost: () =>
              cpuOfCalls(LEASED_SENDS / BATCH, async (batch) => {
                for (let number = batch * BATCH; number < (batch + 1) * BATCH; number += 1) {
                  const tenantId = tenantOf(number);
                  if (consumeEmailQuota.tryConsume({ tenantId, count: 1 }) === undefined) {
                    await count(billing, { tenantId });
                  }
                }
              }).then((micros) => micros / BATCH),
          },
          {
            name: "quota with leases, awaited",
            cost: () =>
              cpuOfCalls(LEASED_SENDS, (number) => count(billing, { tenantId: tenantOf(number) })),
          },
        ],
      },
      { rounds: ROUNDS },
    );
    await billing.close();
    return [comparison];
  });
}

const TENANTS = Array.from({ length: 100 }, (_, number) => `clbench${number}`);

function tenantOf(number: number): string {
  return TENANTS[number % TENANTS.length] ?? TENANT;
}

async function count(
  billing: EmbeddedBilling,
  { tenantId = TENANT, key }: { tenantId?: string; key?: string } = {},
): Promise<void> {
  const { type } = await billing.consumeEmailQuota.execute({ tenantId, count: 1, key });
  if (type !== "counted") {
    throw new Error(`Cannot measure: a send was ${type}`);
  }
}

/** The use cases over a file, for a process that counts. */
export function embeddedQuota(path: string, quotaLeases: boolean): EmbeddedBilling {
  return createBilling({
    store: openSqliteStore(path),
    payments: connectStripe({ secretKey: "sk_test_bench", webhookSecrets: ["whsec_bench"] }),
    settings: {
      livemode: false,
      dashboardUrl: "https://app.example.com/billing",
      ledgerKeys: [],
      quotaLeases,
      quotaLeaseEmails: LEASED_EMAILS,
    },
    workersElsewhere: true,
  });
}
