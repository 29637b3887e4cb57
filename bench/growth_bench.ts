/**
 * What operations cost by the number of tenants in the database, as ratios to the least of them in
 * the same run: 1 is no growth. Each tenant is a copy of one that pays, with all its rows.
 *
 * `npm run bench:growth [most tenants] [rounds] [calls per round]`
 */
import { join } from "node:path";
import { openSqliteStore } from "../src/adapters/sqlite/open_sqlite_store.ts";
import { connectStripe } from "../src/adapters/stripe/connect_stripe.ts";
import { createBilling } from "../src/mod.ts";
import { copyTenant } from "./method/copy_tenant.ts";
import { countsOf } from "./method/counts_of.ts";
import { inFolder } from "./method/in_folder.ts";
import { LEDGER_KEYS } from "./method/ledger_keys.ts";
import { print, writeResults } from "./method/report.ts";
import { compare, cpuOfCalls, type Variant } from "./method/rounds.ts";
import { signedEvent, WEBHOOK_SECRET } from "./method/signed_event.ts";
import { HttpWorld } from "./ratios/http_world.ts";

const SIZES = [1_000, 10_000, 100_000, 1_000_000];
const OUTPUT = "node_modules/.cache/bench/growth.json";
const { most, rounds, calls } = countsOf({ most: 100_000, rounds: 9, calls: 200 });

/** A database with so many tenants, and the use cases over it. */
function openTenants(path: string, tenants: number) {
  const billing = createBilling({
    store: openSqliteStore(path),
    payments: connectStripe({ secretKey: "sk_test_bench", webhookSecrets: [WEBHOOK_SECRET] }),
    settings: {
      livemode: false,
      dashboardUrl: "https://app.example.com/",
      ledgerKeys: LEDGER_KEYS,
    },
    workersElsewhere: true,
  });
  let call = 0;
  /** Somebody else with each call, from all over the database. */
  const next = () => {
    call += 1;
    return { call, number: (call * 7_919) % tenants };
  };
  const tenant = () => `clbench${next().number}`;
  const operations: Readonly<Record<string, () => Promise<unknown>>> = {
    "read the subscription": () => billing.readSubscription.execute({ tenantId: tenant() }),
    "count an e-mail": () => billing.consumeEmailQuota.execute({ tenantId: tenant(), count: 1 }),
    "spend tokens": () =>
      billing.spendTokens.execute({ tenantId: tenant(), key: `call ${call}`, tokens: 1 }),
    "store an event": () => {
      const { number } = next();
      return billing.receiveStripeEvent.execute(signedEvent(`evt_new_${call}`, `cus_${number}`));
    },
  };
  return { tenants, operations, close: () => billing.close() };
}

await inFolder("growth", async (folder) => {
  const world = await HttpWorld.start(folder, { known: 1, unknown: 0 });
  await world.stop();
  const template = join(folder, "billing.db");
  const sizes = [SIZES[0] ?? 0, ...SIZES.filter((size) => size <= most)];
  const databases = sizes.map((size, index) => {
    const path = join(folder, `${index}.db`);
    copyTenant(template, { path, tenants: size });
    print(`${size} tenants are stored`);
    return openTenants(path, size);
  });
  const results: Record<string, object> = {};
  for (const name of Object.keys(databases[0]?.operations ?? {})) {
    const [baseline, control, ...variants] = databases.map(({ tenants, operations }): Variant => {
      const operation = operations[name] ?? (() => Promise.reject(new Error(`no ${name}`)));
      return { name: `${tenants} tenants`, cost: () => cpuOfCalls(calls, operation) };
    });
    if (baseline === undefined || control === undefined) {
      throw new Error("Cannot measure: there are no databases to compare");
    }
    const {
      baselineMicros,
      control: again,
      lines,
    } = await compare({ baseline, control, variants }, { rounds });
    const growth = lines.map((line) => ({ name: line.name, times: 1 / line.ratio.median }));
    results[name] = { baselineMicros, again: 1 / again.median, growth };
    const grown = growth.map((line) => `${line.name}: ${line.times.toFixed(2)}`).join(", ");
    print(`${name}, ${baselineMicros.toFixed(0)} us with ${sizes[0]} tenants`);
    print(`  the same again: ${(1 / again.median).toFixed(2)}, ${grown}`);
  }
  for (const { close } of databases) {
    await close();
  }
  writeResults(OUTPUT, { results });
  print(`Written to ${OUTPUT}`);
});
