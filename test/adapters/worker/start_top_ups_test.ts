import { expect } from "chai";
import { startTopUps } from "../../../src/adapters/worker/start_top_ups.ts";

const NEVER_MS = 2_147_483_647;

describe("startTopUps", () => {
  it("continues while a step was full, sweeps page by page, and tells what failed", async () => {
    const done = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
    const errors: unknown[] = [];
    const steps = [2, 2, 1];
    const pages: (string | undefined)[] = [];
    const nexts = ["t_b", undefined];
    const worker = startTopUps({
      continueTopUps: {
        execute: async () => {
          const continued = steps.shift() ?? 0;
          if (steps.length === 0) {
            done[0].resolve();
          }
          return { continued, failures: continued === 1 ? ["declined"] : [] };
        },
      },
      sweepTopUps: {
        execute: async ({ after }) => {
          pages.push(after);
          const next = nexts.shift();
          if (nexts.length === 0) {
            done[1].resolve();
          }
          return { next, failures: next === undefined ? [] : ["unreadable"] };
        },
      },
      intervalMs: NEVER_MS,
      sweepIntervalMs: NEVER_MS,
      batchSize: 2,
      onError: (error) => errors.push(error),
    });
    await Promise.all(done.map(({ promise }) => promise));
    await worker.stop();
    expect(errors).to.have.members(["declined", "unreadable"]);
    expect(pages).to.deep.equal([undefined, "t_b"]);
  });
});
