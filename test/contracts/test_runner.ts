/** What a contract suite needs of a test runner: mocha, `node:test`, Vitest and Jest have it. */
export interface TestRunner {
  describe(name: string, declare: () => void): unknown;
  it(name: string, test: () => Promise<void>): unknown;
}

/** Runs a test with what it needs, which is made before and released after it. */
type Around = (test: () => unknown) => Promise<void>;

let declaring: { readonly runner: TestRunner; readonly around: Around } | undefined;

/** The runner whose functions are globals. */
const GLOBAL: TestRunner = {
  describe: (name, declare) => globalThis.describe(name, declare),
  it: (name, test) => globalThis.it(name, test),
};

/** Declares a suite; `it` belongs to it while `declare` runs, whenever the runner calls that. */
export function declareIn(
  runner: TestRunner = GLOBAL,
  { name, around }: { name: string; around: Around },
  declare: () => void,
): void {
  runner.describe(name, () => {
    const outer = declaring;
    declaring = { runner, around };
    try {
      declare();
    } finally {
      declaring = outer;
    }
  });
}

/** Declares a behaviour of the suite that is being declared. */
export function it(name: string, test: () => unknown): void {
  if (declaring === undefined) {
    throw new TypeError(`Cannot declare "${name}" outside of a contract`);
  }
  const { runner, around } = declaring;
  runner.it(name, () => around(test));
}
