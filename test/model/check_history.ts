import { expect } from "chai";
import type { History } from "./history.ts";
import { runHistory } from "./run_history.ts";
import type { Template } from "./world.ts";

/** Runs a history and expects every tenant to end as the provider's books say. */
export async function checkHistory(history: History, template: Template): Promise<void> {
  for (const ending of await runHistory(history, template)) {
    const { tenantId, expected, actual, ledgerProblems } = ending;
    const difference = `${tenantId}: ${JSON.stringify(actual)} for ${JSON.stringify(expected)}`;
    expect(actual, difference).to.deep.equal(expected);
    expect(ledgerProblems, tenantId).to.deep.equal([]);
  }
}
