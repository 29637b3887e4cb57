import { setImmediate } from "node:timers/promises";
import { expect } from "chai";
import { createAsyncScope } from "../../src/kit/async_scope.ts";

describe("createAsyncScope", () => {
  const scope = createAsyncScope<string | undefined>("outside");

  it("has the outer value where no work was begun", () => {
    expect(scope.current()).to.equal("outside");
  });

  it("keeps work that runs at the same time apart, across everything that it awaits", async () => {
    const seen = await Promise.all(
      ["a", "b", undefined].map((value) =>
        scope.run(value, async () => {
          await setImmediate();
          const inner = scope.run(`${value}!`, () => scope.current());
          await setImmediate();
          return [inner, scope.current()];
        }),
      ),
    );
    expect(seen).to.deep.equal([
      ["a!", "a"],
      ["b!", "b"],
      ["undefined!", undefined],
    ]);
    expect(scope.current()).to.equal("outside");
  });
});
