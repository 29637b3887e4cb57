import { readdir, readFile } from "node:fs/promises";
import { expect } from "chai";
import type { Billing } from "../../src/application/billing.ts";
import { LONGEST_WAIT_MS } from "../../src/application/in_time.ts";
import { PortError } from "../../src/application/ports/port_error.ts";
import { DEADLINES_MS } from "../../src/composition/within_deadlines.ts";
import { SETTINGS, useBilling } from "../rig/billing_fixture.ts";
import { useFakeTimers } from "../rig/fake_timers.ts";
import { type HangingStore, hangingStore } from "../rig/hanging_store.ts";
import { TENANT } from "../samples/account.ts";
import { CHECKOUT, NOW } from "../samples/http.ts";

const tenantId = TENANT;
/** Has what any of the use cases needs. */
const COMMAND = {
  tenantId,
  key: "job",
  tokens: 1,
  limit: 1,
  count: 1,
  periodStart: NOW,
  operator: "Ada",
  ...CHECKOUT,
  interval: "month",
  packSlug: "starter",
  eventId: "evt_1",
  id: "one",
  of: "domains",
  url: "https://hooks.example.com/",
  events: ["pack.bought"],
  rawBody: new TextEncoder().encode("evt_1"),
  signature: "genuine",
};
/** Limits of their own; see their tests. */
const OWN_LIMITS = ["checkReadiness", "consumeEmailQuota", "handleDeliveries"];

type Execute = (command: unknown) => Promise<unknown>;

describe("withinDeadlines", () => {
  const fixture = useBilling();
  const timers = useFakeTimers();
  let rig: HangingStore;
  let billing: Billing;

  beforeEach(async () => {
    await fixture.addSubscriber();
    rig = hangingStore(fixture.store);
    billing = fixture.process({ store: rig.store });
  });

  const execute = (name: string, command: unknown = COMMAND) =>
    (Reflect.get(billing, name) as { execute: Execute }).execute(command);

  for (const [name, ms] of Object.entries(DEADLINES_MS)) {
    it(`P34 ${name} is given up after ${ms} ms, when the store hangs`, async () => {
      rig.hangs = () => true;
      let seen: unknown = "waits";
      execute(name).catch((error: unknown) => {
        seen = error;
      });
      await timers.pass(ms - 1);
      expect(rig.hung).to.not.deep.equal([]);
      const early = seen;
      await timers.pass(1);
      expect(seen).to.be.instanceOf(PortError).with.property("transient", true);
      // What waits for its turn may be given up with it, never earlier.
      expect(early === "waits" || ms > LONGEST_WAIT_MS).to.equal(true);
    });
  }

  it("P34 is so for everything that is asked over HTTP", async () => {
    const folder = "src/adapters/http";
    const files = (await readdir(folder, { recursive: true })).filter((it) => it.endsWith(".ts"));
    const texts = await Promise.all(files.map((file) => readFile(`${folder}/${file}`, "utf8")));
    const called = texts.flatMap((text) =>
      [...text.matchAll(/await (?:billing\.)?(\w+)\.execute\(/g)].map(([, name = ""]) => name),
    );
    expect(called).to.include.members(["spendTokens", "startCheckout", "readSubscription"]);
    expect([...Object.keys(DEADLINES_MS), ...OWN_LIMITS]).to.include.members(called);
  });

  it("P34 64 debits of a tenant whose ledger hangs end together, and hang once", async () => {
    await execute("spendTokens", { ...COMMAND, key: "before" });
    rig.hangs = (call) => call === "ledger.append";
    const outcomes = new Map<number, unknown>();
    for (let call = 0; call < 64; call += 1) {
      execute("spendTokens", { ...COMMAND, key: `call_${call}` }).catch((error: unknown) => {
        outcomes.set(call, error);
      });
    }
    await timers.pass(LONGEST_WAIT_MS - 1);
    expect(outcomes.size).to.equal(0);
    await timers.pass(1);
    expect(outcomes.size).to.equal(64);
    expect([...outcomes.values()].every((it) => it instanceof PortError && it.transient)).to.equal(
      true,
    );
    expect(rig.hung, "nothing piles up").to.deep.equal(["ledger.append"]);
    rig.hangs = () => false;
    expect(await execute("spendTokens", { ...COMMAND, key: "after" })).to.include({
      type: "recorded",
    });
  });

  it("P34 one tenant's hanging ledger holds nobody else up", async () => {
    rig.hangs = (call) => call === "ledger.last";
    execute("spendTokens").catch(() => undefined);
    await timers.pass(10);
    rig.hangs = () => false;
    const other = await execute("spendTokens", { ...COMMAND, tenantId: "clother0002" });
    expect(other).to.include({ type: "recorded" });
  });

  for (const whenStoreFails of ["closed", "open"] as const) {
    it(`P34 a send that hangs is decided within five seconds: ${whenStoreFails}`, async () => {
      const settings = { ...SETTINGS, quotaWhenStoreFails: whenStoreFails };
      billing = fixture.process({ store: rig.store, settings });
      rig.hangs = () => true;
      let seen: unknown = "waits";
      const send = billing.consumeEmailQuota.execute({ tenantId, count: 1 });
      send.then(
        (outcome) => {
          seen = outcome.type;
        },
        (error: unknown) => {
          seen = error instanceof PortError && error.transient ? "refused" : error;
        },
      );
      await timers.pass(LONGEST_WAIT_MS - 1);
      expect(seen).to.equal("waits");
      await timers.pass(1);
      expect(seen).to.equal(whenStoreFails === "open" ? "uncounted" : "refused");
    });
  }

  it("P34 a service whose database hangs says within three seconds that it is not ready", async () => {
    rig.hangs = () => true;
    let seen: unknown;
    billing.checkReadiness.execute().then((readiness) => {
      seen = readiness.database;
    });
    await timers.pass(3_000);
    expect(seen).to.equal("failing");
  });
});
