import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as testing from "@mailingcore/billing/testing";
import {
  auditStoreContract,
  fixedClock,
  notificationRecordsContract,
  type TestRunner,
} from "@mailingcore/billing/testing";
import { expect } from "chai";
import { MapAuditStore, MapNotificationRecords, mapSubject } from "./map_stores.ts";

auditStoreContract(
  "MapAuditStore",
  mapSubject(() => new MapAuditStore()),
);
notificationRecordsContract(
  "MapNotificationRecords",
  mapSubject(() => new MapNotificationRecords()),
);

/** How many tests of the program passed and failed under `node:test`. */
async function underNodeTest(env: Record<string, string>): Promise<Record<string, number>> {
  const program = fileURLToPath(new URL("node_test_suites.ts", import.meta.url));
  const output = await new Promise<string>((resolve) => {
    const { NODE_TEST_CONTEXT: _, ...inherited } = process.env;
    const options = { env: { ...inherited, ...env } };
    execFile(process.execPath, ["--test-reporter=tap", program], options, (_error, stdout) =>
      resolve(stdout),
    );
  });
  const counts = output.matchAll(/^# (pass|fail) (\d+)$/gmu);
  return Object.fromEntries([...counts].map(([, name, count]) => [name, Number(count)]));
}

/** The behaviours that a suite declares. */
function behaviours(declare: (runner: TestRunner) => void): number {
  let count = 0;
  declare({
    describe: (_name, suite) => suite(),
    it: () => {
      count += 1;
    },
  });
  return count;
}

describe("contract suites under any runner", () => {
  it("every suite of a store is among them", () => {
    const folder = new URL("../contracts/", import.meta.url);
    const suites = readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith("_contract.ts"))
      .flatMap((name) => [
        ...readFileSync(new URL(name, folder), "utf8").matchAll(
          /^export const (\w+) = contract</gm,
        ),
      ]);
    expect(suites.length).to.be.greaterThan(12);
    expect(testing).to.include.keys(suites.map(([, name = ""]) => name));
  });

  it("all behaviours run under node:test, too, and hold for stores in a Map", async () => {
    const declared = behaviours((runner) => {
      auditStoreContract(
        "MapAuditStore",
        mapSubject(() => new MapAuditStore()),
        runner,
      );
      const open = mapSubject(() => new MapNotificationRecords());
      notificationRecordsContract("MapNotificationRecords", open, runner);
    });
    expect(declared).to.be.greaterThan(8);
    expect(await underNodeTest({})).to.deep.equal({ pass: declared, fail: 0 });
  });

  it("a store that forgets fails", async () => {
    const { fail } = await underNodeTest({ FORGETFUL: "1" });
    expect(fail).to.be.greaterThan(1);
  });
});

describe("fixedClock", () => {
  it("stands until it is moved, and hands out dates that nobody can change for others", () => {
    const { clock, advance } = fixedClock(new Date("2026-03-01T00:00:00Z"));
    clock().setFullYear(1999);
    expect(clock().toISOString()).to.equal("2026-03-01T00:00:00.000Z");
    advance(90_000);
    expect(clock().toISOString()).to.equal("2026-03-01T00:01:30.000Z");
    expect(() => fixedClock(new Date("never"))).to.throw(TypeError, "the date is invalid");
  });
});
