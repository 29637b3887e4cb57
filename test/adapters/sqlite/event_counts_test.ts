import { DatabaseSync } from "node:sqlite";
import { expect } from "chai";
import fc from "fast-check";
import { openSqliteStore } from "../../../src/adapters/sqlite/open_sqlite_store.ts";
import type { EventOutcome } from "../../../src/domain/events/billing_event.ts";
import { useTemporaryFolder } from "../../rig/temporary_folder.ts";
import { sampleEvent } from "../../samples/events.ts";

const NOW = new Date("2026-03-15T12:00:00Z");
const LATER = new Date("2026-03-16T12:00:00Z");
const OUTCOMES: readonly EventOutcome[] = [
  { state: "done" },
  { state: "ignored", reason: "why" },
  { state: "unmatched", reason: "why" },
  { state: "dead", reason: "why" },
  { state: "failed", reason: "why", nextAttemptAt: LATER },
];

describe("counts of events on SQLite", () => {
  const folder = useTemporaryFolder();

  it("P38 are what counting them all gives, whatever happened to them", async () => {
    const step = fc.record({
      id: fc.integer({ min: 1, max: 6 }),
      what: fc.constantFrom("receive", "handle", "requeue", "purge"),
      outcome: fc.constantFrom(...OUTCOMES),
    });
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        runs += 1;
        const file = folder(`counts-${runs}.db`);
        const { inbox, close } = openSqliteStore(file);
        for (const { id: number, what, outcome } of steps) {
          const id = `evt_${number}`;
          if (what === "receive") {
            await inbox.receive(sampleEvent({ id }), NOW);
          } else if (what === "requeue") {
            await inbox.requeue(id, NOW);
          } else if (what === "purge") {
            await inbox.purge({ receivedBefore: LATER, limit: 2 });
          } else if (await inbox.claim(id, { token: "t", now: NOW, until: LATER })) {
            await inbox.settle(id, "t", outcome);
          }
        }
        const counted = await inbox.count();
        const other = new DatabaseSync(file, { readOnly: true });
        const sql = "SELECT state, count(*) AS count FROM events GROUP BY state";
        const rows = other
          .prepare(sql)
          .all()
          .map(({ state, count }) => [state, count]);
        other.close();
        await close();
        const found = Object.entries(counted).filter(([, count]) => count !== 0);
        expect(Object.fromEntries(found)).to.deep.equal(Object.fromEntries(rows));
      }),
      { numRuns: 15 },
    );
  });
});
