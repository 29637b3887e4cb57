import { join } from "node:path";
import { rawLedger } from "../baselines/raw_ledger.ts";
import { fillSqlite } from "../method/filled_ledgers.ts";
import { inFolder } from "../method/in_folder.ts";
import { type Comparison, compare, cpuOfCalls } from "../method/rounds.ts";

const ROUNDS = 15;
const CALLS = 300;
const ENTRIES = 100;

/** Spending tokens in the process, beside reading the last entry and inserting the next. */
export function ledger(): Promise<readonly Comparison[]> {
  return inFolder("ledger", async (folder) => {
    const [filled] = await fillSqlite(folder, [ENTRIES]);
    const [one, other] = ["one", "other"].map((name) => rawLedger(join(folder, name)));
    let appended = 0;
    const appends = (ledger: typeof one, each: number) => () =>
      cpuOfCalls(CALLS, () => {
        for (let time = 0; time < each; time += 1) {
          appended += 1;
          ledger?.append(appended);
        }
      });
    const debits = await compare(
      {
        baseline: { name: "a raw read and insert", cost: appends(one, 1) },
        control: { name: "a raw read and insert again", cost: appends(other, 1) },
        variants: [
          {
            name: "ledger debit",
            aim: 0.7,
            cost: () => cpuOfCalls(CALLS, async () => await filled?.spend()),
          },
        ],
      },
      { rounds: ROUNDS },
    );
    const reservations = await compare(
      {
        baseline: { name: "two raw appends", cost: appends(one, 2) },
        control: { name: "two raw appends again", cost: appends(other, 2) },
        variants: [
          {
            name: "reserve and commit",
            aim: 0.5,
            cost: () => cpuOfCalls(CALLS, async () => await filled?.reserveAndCommit()),
          },
        ],
      },
      { rounds: ROUNDS },
    );
    one?.close();
    other?.close();
    await filled?.close();
    return [debits, reservations];
  });
}
