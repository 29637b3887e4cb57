import { expect } from "chai";
import type { History } from "./history.ts";
import { runHistory } from "./run_history.ts";
import type { Tally } from "./tally.ts";
import type { Template } from "./world.ts";

/**
 * Runs a history and expects every tenant to end as a fresh look and the provider's books say.
 *
 * @returns what happened in it
 */
export async function checkHistory(history: History, template: Template): Promise<Tally> {
  const { endings, tally } = await runHistory(history, template);
  for (const { tenantId, expected, actual, problems } of endings) {
    const difference = `${tenantId}: ${JSON.stringify(actual)} for ${JSON.stringify(expected)}`;
    expect(actual, difference).to.deep.equal(expected);
    expect(problems, tenantId).to.deep.equal([]);
  }
  return tally;
}
