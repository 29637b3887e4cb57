import { readFileSync } from "node:fs";
import { expect } from "chai";
import { ASSUMPTIONS } from "../../sandbox/state/assumptions.ts";
import { startRig, stopRigs } from "./rig.ts";

describe("assumptions of the sandbox", () => {
  afterEach(stopRigs);

  it("are played in their likelier way until a call says otherwise, and after a reset", async () => {
    const { control } = await startRig();
    const first = Object.fromEntries(
      Object.entries(ASSUMPTIONS).map(([name, [way]]) => [name, way]),
    );
    expect((await control("GET", "/assumptions")).body).to.deep.equal(first);
    const changed = await control("POST", "/assumptions", { intervalChange: "restarts_period" });
    expect(changed.body).to.deep.equal({ ...first, intervalChange: "restarts_period" });
    await control("POST", "/reset");
    expect((await control("GET", "/assumptions")).body).to.deep.equal(first);
  });

  it("refuses those that it does not know, and says which ways there are", async () => {
    const { control } = await startRig();
    const way = await control("POST", "/assumptions", { intervalChange: "never" });
    expect(way).to.deep.equal({
      status: 400,
      body: { error: 'Bad "intervalChange": expected one of keeps_anchor, restarts_period' },
    });
    expect((await control("POST", "/assumptions", { weather: "fine" })).status).to.equal(400);
  });

  it("stand in the sandbox's document, with each of their ways", () => {
    const text = readFileSync(new URL("../../docs/sandbox.md", import.meta.url), "utf8");
    for (const [name, ways] of Object.entries(ASSUMPTIONS)) {
      for (const word of [name, ...ways]) {
        expect(text).to.include(`\`${word}\``);
      }
    }
  });
});
