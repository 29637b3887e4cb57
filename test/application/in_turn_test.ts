import { expect } from "chai";
import { inTurn } from "../../src/application/in_turn.ts";

describe("inTurn", () => {
  it("P31 begins a work when the one before has ended, per key", async () => {
    const begun: string[] = [];
    const end = Promise.withResolvers<void>();
    const turn = inTurn();
    const first = turn("a", async () => {
      begun.push("a1");
      await end.promise;
      return 1;
    });
    const second = turn("a", async () => begun.push("a2"));
    await turn("b", async () => begun.push("b1"));
    expect(begun).to.deep.equal(["a1", "b1"]);
    end.resolve();
    expect(await first).to.equal(1);
    await second;
    expect(begun).to.deep.equal(["a1", "b1", "a2"]);
  });

  it("P31 goes on after a work that failed, and tells it to its own caller only", async () => {
    const turn = inTurn();
    const failed = turn("a", () => Promise.reject(new Error("down")));
    const next = turn("a", async () => "fine");
    expect(await failed.catch((error: Error) => error.message)).to.equal("down");
    expect(await next).to.equal("fine");
  });
});
