import process from "node:process";
import { Tally } from "../tally.ts";
import type { Lineage } from "./evolve.ts";
import { playLineages } from "./play_lineages.ts";

const PER_LINEAGE = 60;
/** Of so many lineages one is of tenants who always pay. */
const ONE_HONEST_IN = 4;

/** Plays lineages from a seed on, and prints how far it is; whether all came out right. */
export async function soakTenants(histories: number, firstSeed: number): Promise<boolean> {
  const lineages: Lineage[] = Array.from(
    { length: Math.ceil(histories / PER_LINEAGE) },
    (_, index) => ({
      seed: firstSeed + index,
      count: Math.min(PER_LINEAGE, histories - index * PER_LINEAGE),
      honest: (firstSeed + index) % ONE_HONEST_IN === 0,
    }),
  );
  const tally = new Tally();
  let [lived, failed] = [0, 0];
  await playLineages(lineages, ({ failure, ...bred }, { seed }) => {
    lived += bred.lived;
    tally.add(bred.tally);
    process.stdout.write(`${lived} of ${histories} histories, seed ${seed}\n`);
    if (failure !== null) {
      failed += 1;
      process.stderr.write(`${JSON.stringify(failure, null, 1)}\n`);
      const again = `npm run soak -- --tenants --seed ${seed} --histories ${PER_LINEAGE}`;
      process.stderr.write(`Show it again: ${again}\n`);
    }
  });
  process.stdout.write(`${failed} of ${lineages.length} lineages show a fault\n\n${tally}\n`);
  return failed === 0;
}
