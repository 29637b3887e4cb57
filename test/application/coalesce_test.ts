import { expect } from "chai";
import fc from "fast-check";
import { coalesce } from "../../src/application/coalesce.ts";

/** Work that a test ends run by run; each run answers its number. */
class ScriptedWork {
  readonly started: string[] = [];
  readonly #ends: PromiseWithResolvers<number>[] = [];

  readonly run = (key: string): Promise<number> => {
    this.started.push(key);
    const end = Promise.withResolvers<number>();
    this.#ends.push(end);
    return end.promise;
  };

  /** Ends run `number`, counted from 1. */
  end(number: number): void {
    this.#ends[number - 1]?.resolve(number);
  }

  /** Fails run `number`, counted from 1. */
  fail(number: number, message: string): void {
    this.#ends[number - 1]?.reject(new Error(message));
  }
}

/** Lets everything that is ready to run do so. */
async function settle(): Promise<void> {
  await new Promise(setImmediate);
}

describe("coalesce", () => {
  it("P09 runs at most twice for a burst of any size", async () => {
    const work = new ScriptedWork();
    const call = coalesce(work.run);
    const burst = Array.from({ length: 50 }, () => call("one"));
    await settle();
    expect(work.started).to.have.length(1);
    work.end(1);
    await settle();
    work.end(2);
    expect(await Promise.all(burst)).to.deep.equal([1, ...Array(49).fill(2)]);
    expect(work.started).to.have.length(2);
  });

  it("P09 answers nobody with a run that began before they called", async () => {
    const work = new ScriptedWork();
    const call = coalesce(work.run);
    const first = call("one");
    await settle();
    const late = call("one");
    work.end(1);
    await settle();
    const later = call("one");
    work.end(2);
    await settle();
    work.end(3);
    expect(await Promise.all([first, late, later])).to.deep.equal([1, 2, 3]);
  });

  it("P09 does not make different keys wait for each other", async () => {
    const work = new ScriptedWork();
    const call = coalesce(work.run);
    const answers = [call("one"), call("two")];
    expect(work.started).to.deep.equal(["one", "two"]);
    work.end(2);
    expect(await answers[1]).to.equal(2);
    work.end(1);
    expect(await answers[0]).to.equal(1);
  });

  it("P08 tells a failure to those who waited for that run only", async () => {
    const work = new ScriptedWork();
    const call = coalesce(work.run);
    const results = [call("one"), call("one"), call("one")].map((answer) =>
      answer.catch((error: Error) => error.message),
    );
    await settle();
    work.fail(1, "down");
    await settle();
    work.end(2);
    expect(await Promise.all(results)).to.deep.equal(["down", 2, 2]);
  });

  it("P08 is not poisoned when every run fails", async () => {
    const work = new ScriptedWork();
    const call = coalesce(work.run);
    const results = [call("one"), call("one")].map((answer) =>
      answer.catch((error: Error) => error.message),
    );
    work.fail(1, "down");
    await settle();
    work.fail(2, "still down");
    expect(await Promise.all(results)).to.deep.equal(["down", "still down"]);
    const next = call("one");
    work.end(3);
    expect(await next).to.equal(3);
  });

  it("P09 begins anew after everything has ended", async () => {
    const work = new ScriptedWork();
    const call = coalesce(work.run);
    for (const number of [1, 2, 3]) {
      const answer = call("one");
      work.end(number);
      expect(await answer).to.equal(number);
    }
  });

  it("P09 never runs the same key twice at once, whenever calls come in", async () => {
    const moments = fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(moments, async (microtasks) => {
        let active = 0;
        let most = 0;
        let begun = 0;
        const call = coalesce(async () => {
          begun += 1;
          const number = begun;
          active += 1;
          most = Math.max(most, active);
          await Promise.resolve();
          active -= 1;
          return number;
        });
        const answers = microtasks.map(async (count) => {
          for (let passed = 0; passed < count; passed += 1) {
            await Promise.resolve();
          }
          const before = begun;
          expect(await call("one")).to.be.greaterThan(before);
        });
        await Promise.all(answers);
        expect(most).to.equal(1);
      }),
    );
  });
});
