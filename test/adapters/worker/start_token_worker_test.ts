import { expect } from "chai";
import { startTokenWorker } from "../../../src/adapters/worker/start_token_worker.ts";
import type { ExpireReservations } from "../../../src/application/tokens/expire_reservations.ts";
import type { SweepMonthlyTokens } from "../../../src/application/tokens/sweep_monthly_tokens.ts";

const NEVER_MS = 3_600_000;

describe("startTokenWorker", () => {
  it("P26, P28 expires until little is left, and sweeps from tenant to tenant", async () => {
    const released = [2, 2, 1];
    const pages: (string | undefined)[] = [];
    const nexts = ["tenant_b", "tenant_d", undefined];
    const errors: unknown[] = [];
    const done = { expiry: Promise.withResolvers<void>(), sweep: Promise.withResolvers<void>() };
    const expire = async () => {
      const count = released.shift() ?? 0;
      if (released.length === 0) {
        done.expiry.resolve();
      }
      return count;
    };
    const sweep = async ({ after }: { after?: string | undefined }) => {
      pages.push(after);
      const next = nexts.shift();
      if (nexts.length === 0) {
        done.sweep.resolve();
      }
      return { next, failures: next === undefined ? [] : ["unreadable"] };
    };
    const worker = startTokenWorker({
      expireReservations: { execute: expire } as unknown as ExpireReservations,
      sweepMonthlyTokens: { execute: sweep } as unknown as SweepMonthlyTokens,
      expiryIntervalMs: NEVER_MS,
      sweepIntervalMs: NEVER_MS,
      batchSize: 2,
      onError: (error) => errors.push(error),
    });
    await Promise.all([done.expiry.promise, done.sweep.promise]);
    await worker.stop();
    expect(released).to.deep.equal([]);
    expect(errors).to.deep.equal(["unreadable", "unreadable"]);
    expect(pages).to.deep.equal([undefined, "tenant_b", "tenant_d"]);
  });

  it("P08 reports a step that failed, and goes on", async () => {
    const errors: unknown[] = [];
    const failed = Promise.withResolvers<void>();
    const failure = new Error("the database is gone");
    const worker = startTokenWorker({
      expireReservations: {
        execute: () => Promise.reject(failure),
      } as unknown as ExpireReservations,
      sweepMonthlyTokens: {
        execute: () => Promise.reject(failure),
      } as unknown as SweepMonthlyTokens,
      expiryIntervalMs: 1,
      sweepIntervalMs: 1,
      batchSize: 2,
      onError: (error) => {
        errors.push(error);
        if (errors.length === 6) {
          failed.resolve();
        }
      },
    });
    await failed.promise;
    await worker.stop();
    expect(new Set(errors)).to.deep.equal(new Set([failure]));
  });
});
