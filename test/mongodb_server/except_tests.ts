import { expect } from "chai";
import type { Suite } from "mocha";

/**
 * Takes tests out of a suite that a server is known to fail, and puts the list in their place. A
 * title that names no test is an error: exceptions cannot outlive what they excepted.
 *
 * @param exceptions the test's title to the reason
 */
export function exceptTests(suite: Suite, exceptions: Readonly<Record<string, string>>): void {
  const removed = Object.keys(exceptions).map((title) => [title, removeTests(suite, title)]);
  describe(`${suite.title}: ${removed.length} excepted`, () => {
    for (const [title, reason] of Object.entries(exceptions)) {
      it(`${title}: ${reason}`, () => {
        expect(removed).to.deep.include([title, 1]);
      });
    }
  });
}

function removeTests(suite: Suite, title: string): number {
  const before = suite.tests.length;
  suite.tests = suite.tests.filter((test) => test.title !== title);
  return suite.suites.reduce(
    (count, inner) => count + removeTests(inner, title),
    before - suite.tests.length,
  );
}
