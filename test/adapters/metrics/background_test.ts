import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { BACKGROUND } from "../../../src/adapters/metrics/count_calls.ts";

describe("the metrics of background work", () => {
  it("tell of everything that the workers run", async () => {
    const source = await readFile("src/composition/start_workers.ts", "utf8");
    const run = [...source.matchAll(/: billing\.(\w+),/g)].map(([, name]) => name);
    expect(run).to.include.members(["handleDueEvents", "deliverNotifications"]);
    expect(BACKGROUND).to.include.members(run);
  });
});
