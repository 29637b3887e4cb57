import { expect } from "chai";
import { runChild } from "../rig/run_child.ts";

describe("exitOnceWritten", () => {
  it("drops nothing of what was printed, and ends with the code", async () => {
    const { code, output } = await runChild(new URL("./long_report_child.ts", import.meta.url));
    expect([code, output.length]).to.deep.equal([3, 1_000_001]);
  });
});
