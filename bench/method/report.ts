import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg, release, totalmem } from "node:os";
import { dirname } from "node:path";
import type { Comparison, Spread } from "./rounds.ts";

/** What was measured, by name. */
export type Results = Readonly<Record<string, readonly Comparison[]>>;

/** Where figures come from, which they mean nothing without. */
function environment() {
  return {
    at: new Date().toISOString(),
    node: process.version,
    sqlite: process.versions.sqlite,
    system: `${process.platform} ${release()} ${process.arch}`,
    processor: cpus()[0]?.model ?? "unknown",
    cores: availableParallelism(),
    memoryGigabytes: Math.round(totalmem() / 2 ** 30),
    loadAverage: loadavg().map((load) => Number(load.toFixed(2))),
  };
}

/** Writes results with their environment as JSON. */
export function writeResults(path: string, results: object): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify({ environment: environment(), ...results }, null, 2)}\n`);
}

/** Prints a comparison for people. */
export function printComparison(name: string, comparison: Comparison): void {
  const { baseline, baselineMicros, control, lines, rounds } = comparison;
  print(`${name}, of ${baseline} (${micros(baselineMicros)} of CPU), ${rounds} rounds`);
  print(`  ${"the baseline again".padEnd(34)} ${"".padStart(11)}  ${ratio(control)}`);
  for (const line of lines) {
    const aim = line.aim === null ? "" : `, aim ${line.aim}`;
    print(
      `  ${line.name.padEnd(34)} ${micros(line.cpuMicros).padStart(11)}  ${ratio(line.ratio)}${aim}`,
    );
  }
}

/** Prints a line. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function micros(value: number): string {
  return `${value < 10 ? value.toFixed(2) : value.toFixed(0)} us`;
}

function ratio({ median, low, high }: Spread): string {
  return `${median.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
}
