import { expect } from "chai";
import { inTurn as orPromiseInTurn, type TurnLimits } from "../../src/application/in_turn.ts";
import { PortError } from "../../src/application/ports/port_error.ts";
import { useFakeTimers } from "../rig/fake_timers.ts";

/** Answers promises only. */
function inTurn(limits?: TurnLimits) {
  const turn = orPromiseInTurn(limits);
  return async <T>(key: string, work: Parameters<typeof turn<T>>[1]) => await turn(key, work);
}

const never = () => new Promise<never>(() => undefined);

describe("inTurn", () => {
  const timers = useFakeTimers();

  /** What a call has come to: a value, why it failed, or nothing yet. */
  function watched(call: Promise<unknown>): { state: unknown } {
    const seen: { state: unknown } = { state: "waits" };
    call.then(
      (value) => {
        seen.state = value;
      },
      (error: unknown) => {
        seen.state = error instanceof PortError && error.transient ? "given up" : error;
      },
    );
    return seen;
  }

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

  it("answers at once where nothing waits and the work is done at once", async () => {
    const turn = orPromiseInTurn();
    expect(turn("a", () => 1)).to.equal(1);
    expect(() =>
      turn("a", () => {
        throw new Error("down");
      }),
    ).to.throw("down");
    const end = Promise.withResolvers<void>();
    const first = turn("a", () => end.promise);
    const second = turn("a", () => 2);
    expect(second).to.be.instanceOf(Promise);
    end.resolve();
    expect(await second).to.equal(2);
    await first;
    expect(turn("a", () => 3)).to.equal(3);
  });

  it("P34 gives up whatever hangs and all that wait behind it, each after its own time", async () => {
    const turn = inTurn({ waitMs: 5_000 });
    let begun = 0;
    const calls = Array.from({ length: 64 }, () =>
      watched(
        turn("a", () => {
          begun += 1;
          return never();
        }),
      ),
    );
    await timers.pass(2_000);
    const late = watched(turn("a", async () => "done"));
    await timers.pass(2_999);
    expect(new Set(calls.map(({ state }) => state))).to.deep.equal(new Set(["waits"]));
    await timers.pass(1);
    expect(new Set(calls.map(({ state }) => state))).to.deep.equal(new Set(["given up"]));
    expect(begun, "those behind never began").to.equal(1);
    expect(late.state, "who still has time is next").to.equal("done");
    expect(await turn("a", async () => "fine")).to.equal("fine");
  });

  it("P34 tells a work that nobody waits for it any more", async () => {
    const turn = inTurn({ waitMs: 5_000 });
    const seen: boolean[] = [];
    const slow = watched(
      turn("a", async (own) => {
        seen.push(own.isLate);
        await new Promise((resolve) => setTimeout(resolve, 6_000));
        seen.push(own.isLate);
      }),
    );
    await timers.pass(5_000);
    await timers.pass(1_000);
    expect([slow.state, seen]).to.deep.equal(["given up", [false, true]]);
  });

  it("P34 refuses at once where too many wait for the same, and nobody else", async () => {
    const turn = inTurn({ most: 3 });
    const calls = [1, 2, 3, 4].map(() => watched(turn("a", never)));
    const other = watched(turn("b", async () => "fine"));
    await timers.pass(0);
    expect(calls.map(({ state }) => state)).to.deep.equal(["waits", "waits", "waits", "given up"]);
    expect(other.state).to.equal("fine");
    await timers.pass(5_000);
    expect(await turn("a", async () => "fine")).to.equal("fine");
  });
});
