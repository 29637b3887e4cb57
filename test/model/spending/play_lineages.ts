import { Worker } from "node:worker_threads";
import { Tally } from "../tally.ts";
import type { Bred, Lineage } from "./evolve.ts";

/** Workers that play at the same time. */
const WORKERS = 2;

/** What a worker says of a lineage. */
interface Message extends Omit<Bred, "tally"> {
  readonly lineage: Lineage;
  readonly counts: [string, number][];
}

/** Plays lineages on two cores; each is told when it is done. */
export async function playLineages(
  lineages: readonly Lineage[],
  done: (bred: Bred, lineage: Lineage) => void,
): Promise<void> {
  const shares = Array.from({ length: WORKERS }, (_, index) =>
    lineages.filter((__, at) => at % WORKERS === index),
  );
  await Promise.all(shares.map((share) => inWorker(share, done)));
}

function inWorker(
  lineages: readonly Lineage[],
  done: (bred: Bred, lineage: Lineage) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("lineage_worker.ts", import.meta.url), {
      workerData: lineages,
    });
    worker.on("message", ({ lineage, counts, ...bred }: Message) => {
      done({ ...bred, tally: Tally.of(counts) }, lineage);
    });
    worker.on("error", reject);
    worker.on("exit", () => resolve());
  });
}
