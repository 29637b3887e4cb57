import fc from "fast-check";

/** Inputs get longer up to this. Characters. */
const LENGTHS = [1_600, 3_200, 6_400, 12_800, 25_600, 51_200, 102_400];
/** What takes less is not compared. CPU milliseconds. */
const UNSUSPICIOUS_MS = 4;
/** Four times the input takes four times the time, or sixteen times where it is quadratic. */
const MAX_GROWTH = 9;
const ROUNDS = 5;
const SAMPLES = 4;
const MAX_PREFIX = 12;
const BETWEEN = ["", " ", "-", "/", ".", ":", "\n"];

/** A text to repeat, and what stands before it. */
interface Pump {
  readonly lead: string;
  readonly repeated: string;
}

/**
 * What makes an expression take more than linear time when it is repeated; `undefined` where
 * nothing is found. Inputs are made of beginnings of texts that the expression matches: of them as
 * a whole, as then a search starts again and again and goes far each time, and of single characters
 * in their place. What counts is how CPU time grows with the length.
 */
export function superlinearInput(expression: RegExp, more: readonly string[]): Pump | undefined {
  const tried = more.map((repeated) => ({ lead: "", repeated }));
  return [...pumpsOf(expression), ...tried].find((pump) => growsTooFast(expression, pump));
}

function growsTooFast(expression: RegExp, pump: Pump): boolean {
  const global = new RegExp(expression.source, `${expression.flags.replace(/[gy]/g, "")}g`);
  const fastest = (length: number) => {
    const input = inputOf(pump, length);
    return Math.min(...Array.from({ length: ROUNDS }, () => cpuMs(global, input)));
  };
  // One slow run may be the machine's; the fastest of several is the expression's.
  const suspicious = LENGTHS.find(
    (length) =>
      cpuMs(global, inputOf(pump, length)) > UNSUSPICIOUS_MS && fastest(length) > UNSUSPICIOUS_MS,
  );
  if (suspicious === undefined) {
    return false;
  }
  return fastest(4 * suspicious) / fastest(suspicious) > MAX_GROWTH;
}

function cpuMs(global: RegExp, input: string): number {
  const before = process.cpuUsage();
  input.replace(global, "");
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

function inputOf({ lead, repeated }: Pump, length: number): string {
  return `${lead}${repeated.repeat(Math.ceil(length / repeated.length)).slice(0, length)}\u0000`;
}

function pumpsOf(expression: RegExp): Pump[] {
  const pumps = matchesOf(expression).flatMap((text) =>
    [...text.slice(0, MAX_PREFIX)].flatMap((character, place) => [
      { lead: text.slice(0, place), repeated: character },
      ...BETWEEN.map((between) => ({ lead: "", repeated: between + text.slice(0, place + 1) })),
    ]),
  );
  return [...new Map(pumps.map((pump) => [JSON.stringify(pump), pump])).values()];
}

/** Texts that an expression matches, but for what must stand around them. */
function matchesOf({ source, flags }: RegExp): string[] {
  const bare = source
    .replace(/\\[bB]|\(\?<?[=!](?:\\.|[^()\\])*\)/g, "")
    .replace(/\\[pP]\{\w+\}/g, "a");
  const expression = new RegExp(bare, flags.replace(/[giy]/g, ""));
  const texts = fc.stringMatching(expression, { size: "small" });
  return fc.sample(texts, { numRuns: SAMPLES, seed: 1 });
}
