import { print } from "./report.ts";

const PAUSE_MS = 10_000;

/** Tells how far long work is, at most every ten seconds: `count` of what `does`, as in "stored". */
export function progress(does: string): (count: number) => void {
  let told = performance.now();
  return (count) => {
    const now = performance.now();
    if (now - told >= PAUSE_MS) {
      told = now;
      print(`  ${count} ${does}`);
    }
  };
}
