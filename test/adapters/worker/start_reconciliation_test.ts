import { expect } from "chai";
import {
  firstReconciliationMs,
  startReconciliation,
} from "../../../src/adapters/worker/start_reconciliation.ts";
import type { Drift } from "../../../src/application/reconciliation/drift.ts";
import type {
  Reconcile,
  ReconcileCommand,
  ReconcileOutcome,
} from "../../../src/application/reconciliation/reconcile.ts";
import type { TenantResult } from "../../../src/application/reconciliation/tenant_tally.ts";

const OUTCOME: ReconcileOutcome = {
  type: "reconciled",
  tenants: 3,
  looked: 3,
  drifted: 1,
  drift: { status: 1 },
  failed: 1,
  events: 0,
  failures: [],
  attention: 0,
  complete: true,
};
const DRIFT: Drift = {
  tenantId: "tenant_a",
  kind: "status",
  field: "subscription.status",
  ours: "active",
  theirs: "unpaid",
};
const RESULTS: readonly TenantResult[] = [
  { tenantId: "tenant_a", drift: [DRIFT], failure: null },
  { tenantId: "tenant_b", drift: [], failure: null },
  { tenantId: "tenant_c", drift: [], failure: "no answer" },
];

describe("startReconciliation", () => {
  function start(
    execute: (command: ReconcileCommand) => Promise<ReconcileOutcome>,
    options: { intervalMs?: number; firstAfterMs?: number } = {},
  ) {
    const told = { different: [] as string[], done: [] as ReconcileOutcome[], errors: 0 };
    const twice = Promise.withResolvers<void>();
    let rounds = 0;
    const ended = () => {
      rounds += 1;
      if (rounds === 2) {
        twice.resolve();
      }
    };
    const worker = startReconciliation({
      reconcile: { execute } as Pick<Reconcile, "execute"> as Reconcile,
      intervalMs: 1,
      firstAfterMs: 0,
      ...options,
      onDifference: ({ tenantId }) => told.different.push(tenantId),
      onDone: (outcome) => {
        told.done.push(outcome);
        ended();
      },
      onError: () => {
        told.errors += 1;
        ended();
      },
    });
    return { worker, told, twice: twice.promise };
  }

  it("P37 runs again and again, and tells of tenants that differed or failed", async () => {
    const { worker, told, twice } = start(async ({ onTenant = () => undefined, dryRun }) => {
      expect(dryRun).to.equal(undefined);
      RESULTS.forEach(onTenant);
      return OUTCOME;
    });
    await twice;
    await worker.stop();
    expect(told.different.slice(0, 2)).to.deep.equal(["tenant_a", "tenant_c"]);
    expect(told.done[0]).to.deep.equal(OUTCOME);
  });

  it("goes on after a run that failed", async () => {
    const { worker, told, twice } = start(() => Promise.reject(new Error("no answer")));
    await twice;
    await worker.stop();
    expect(told.errors).to.be.at.least(2);
  });

  it("does not begin at once, and can be stopped before", async () => {
    let runs = 0;
    const { worker } = start(
      async () => {
        runs += 1;
        return OUTCOME;
      },
      { firstAfterMs: 3_600_000 },
    );
    await worker.stop();
    expect(runs).to.equal(0);
  });

  it("tells a run that it is stopped, and waits for its end", async () => {
    const begun = Promise.withResolvers<void>();
    let finished = false;
    const { worker } = start(async ({ signal }) => {
      begun.resolve();
      await new Promise((resolve) => signal?.addEventListener("abort", resolve));
      finished = true;
      return OUTCOME;
    });
    await begun.promise;
    await worker.stop();
    expect(finished).to.equal(true);
  });
});

describe("firstReconciliationMs", () => {
  it("lets five minutes pass, and spreads processes over one interval", () => {
    expect(firstReconciliationMs(3_600_000, 0)).to.equal(300_000);
    expect(firstReconciliationMs(3_600_000, 0.5)).to.equal(2_100_000);
  });
});
