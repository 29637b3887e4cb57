/** One way to do the work. */
export interface Variant {
  readonly name: string;
  /** The least ratio that is aimed at. */
  readonly aim?: number;
  /** Does a round's share of the work; answers the CPU time of one unit, in microseconds. */
  cost(round: number): Promise<number>;
}

/** A median with the quartiles around it. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** A variant beside its baseline. */
export interface Line {
  readonly name: string;
  /** CPU time of one unit, in microseconds. */
  readonly cpuMicros: number;
  /** How fast it is, where the baseline is 1: above 1 it is faster. */
  readonly ratio: Spread;
  readonly aim: number | null;
}

/** What a comparison came to. */
export interface Comparison {
  readonly baseline: string;
  readonly baselineMicros: number;
  /** The baseline measured against itself: how far it is from 1 is how far ratios can be trusted. */
  readonly control: Spread;
  readonly lines: readonly Line[];
  readonly rounds: number;
}

/** What is compared: `control` does what `baseline` does, in a process or file of its own. */
export interface Contest {
  readonly baseline: Variant;
  readonly control: Variant;
  readonly variants: readonly Variant[];
}

/**
 * Measures all variants one after the other in each round, in an order that turns, so that whatever
 * else the machine does meets all of them. Each ratio is taken within a round; the median of the
 * rounds counts. A first round warms up and is not counted.
 */
export async function compare(
  { baseline, control, variants }: Contest,
  { rounds }: { rounds: number },
): Promise<Comparison> {
  const all = [baseline, control, ...variants];
  const costs = new Map(all.map((variant): [Variant, number[]] => [variant, []]));
  for (let round = 0; round <= rounds; round += 1) {
    const first = round % all.length;
    for (const variant of [...all.slice(first), ...all.slice(0, first)]) {
      const cost = await variant.cost(round);
      if (round > 0) {
        costs.get(variant)?.push(cost);
      }
    }
  }
  const of = (variant: Variant) => costs.get(variant) ?? [];
  const ratioOf = (variant: Variant) =>
    spread(of(baseline).map((cost, round) => cost / (of(variant)[round] ?? Number.NaN)));
  return {
    baseline: baseline.name,
    baselineMicros: spread(of(baseline)).median,
    control: ratioOf(control),
    lines: variants.map((variant) => ({
      name: variant.name,
      cpuMicros: spread(of(variant)).median,
      ratio: ratioOf(variant),
      aim: variant.aim ?? null,
    })),
    rounds,
  };
}

/** The median of values and the quartiles around it. */
function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
  return { median: at(0.5), low: at(0.25), high: at(0.75) };
}

/** CPU time of this process for one call of many, in microseconds. Calls wait for one another. */
export async function cpuOfCalls(
  calls: number,
  call: (number: number) => unknown,
): Promise<number> {
  const before = process.cpuUsage();
  for (let number = 0; number < calls; number += 1) {
    await call(number);
  }
  return sinceMicros(before) / calls;
}

/** CPU time of this process for one of many units that a single synchronous call does. */
export function cpuOfLoop(units: number, loop: () => void): number {
  const before = process.cpuUsage();
  loop();
  return sinceMicros(before) / units;
}

function sinceMicros(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
