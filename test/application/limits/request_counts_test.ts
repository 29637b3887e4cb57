import { expect } from "chai";
import { RequestCounts } from "../../../src/application/limits/request_counts.ts";
import type {
  ProcessCounts,
  RequestCountStore,
} from "../../../src/application/ports/limits/request_count_store.ts";
import { PortError } from "../../../src/application/ports/port_error.ts";

const MINUTE = 60_000;
const START = 1_000 * MINUTE;

/** What processes share, in memory. */
class SharedTable implements RequestCountStore {
  readonly table = new Map<string, number>();
  readonly calls: ProcessCounts[] = [];
  failure: Error | null = null;

  async exchange(counts: ProcessCounts): Promise<ReadonlyMap<string, number>> {
    this.calls.push(counts);
    if (this.failure !== null) {
      throw this.failure;
    }
    const { by, endsAt, hits } = counts;
    const place = `${endsAt.getTime()} ${by} `;
    for (const [key, own] of hits) {
      this.table.set(`${place}${key}`, own);
    }
    const others = new Map<string, number>();
    for (const [name, own] of this.table) {
      const [end, whose, key = ""] = name.split(" ");
      if (Number(end) === endsAt.getTime() && whose !== by && hits.has(key)) {
        others.set(key, (others.get(key) ?? 0) + own);
      }
    }
    return others;
  }
}

describe("RequestCounts", () => {
  let now: number;
  let store: SharedTable;

  beforeEach(() => {
    now = START;
    store = new SharedTable();
  });

  function replica(shared: RequestCountStore = store): RequestCounts {
    return new RequestCounts({ store: shared, nameOf: (key) => `#${key}`, now: () => now });
  }

  function count(counts: RequestCounts, times: number, key = "a"): number {
    let hits = 0;
    for (let n = 1; n <= times; n += 1) {
      hits = counts.count(key).hits;
    }
    return hits;
  }

  it("counts each key by itself, until the clock's minute is over", async () => {
    const counts = replica();
    expect(count(counts, 3)).to.equal(3);
    expect(count(counts, 1, "b")).to.equal(1);
    now += MINUTE - 1;
    expect(count(counts, 1)).to.equal(4);
    now += 1;
    expect(counts.count("a")).to.deep.equal({
      hits: 1,
      endsAt: new Date(START + 2 * MINUTE),
      isShared: true,
    });
    await counts.stop();
  });

  it("P34 two processes agree after an exchange each, whichever counted", async () => {
    const [one, other] = [replica(), replica()];
    expect([count(one, 200), count(other, 150)]).to.deep.equal([200, 150]);
    await one.share();
    await other.share();
    expect(count(other, 1)).to.equal(351);
    count(one, 1);
    await one.share();
    expect(count(one, 1)).to.equal(200 + 2 + 150);
    await other.share();
    expect(count(other, 1)).to.equal(151 + 1 + 201);
    await Promise.all([one.stop(), other.stop()]);
  });

  it("exchanges by itself within half a second of a count, and no request waits for it", async () => {
    const answer = Promise.withResolvers<ReadonlyMap<string, number>>();
    const asked = Promise.withResolvers<void>();
    const slow: RequestCountStore = {
      exchange: () => {
        asked.resolve();
        return answer.promise;
      },
    };
    const counts = replica(slow);
    const start = performance.now();
    count(counts, 1);
    await asked.promise;
    expect(performance.now() - start).to.be.below(10_000);
    expect(count(counts, 5)).to.equal(6);
    answer.resolve(new Map([["#a", 30]]));
    await counts.stop();
    expect(count(counts, 1)).to.equal(37);
  });

  it("tells the store no key, and only what has changed since", async () => {
    const counts = replica();
    count(counts, 2);
    count(counts, 1, "b");
    await counts.share();
    count(counts, 1, "b");
    await counts.share();
    await counts.share();
    expect(store.calls.map(({ hits }) => Object.fromEntries(hits))).to.deep.equal([
      { "#a": 2, "#b": 1 },
      { "#b": 2 },
    ]);
    await counts.stop();
  });

  it("takes back what it counted, and not more", async () => {
    const counts = replica();
    count(counts, 2);
    for (let n = 1; n <= 4; n += 1) {
      counts.uncount("a");
    }
    expect(count(counts, 1)).to.equal(1);
    await counts.stop();
  });

  it("goes on by itself while the store fails, says so, and catches up afterwards", async () => {
    const [one, other] = [replica(), replica()];
    count(one, 10);
    await one.share();
    store.failure = new PortError("Cannot share counts", { transient: true });
    count(other, 4);
    await other.share();
    const alone = other.count("a");
    expect([alone.hits, alone.isShared]).to.deep.equal([5, false]);
    store.failure = null;
    await other.share();
    const together = other.count("a");
    expect([together.hits, together.isShared]).to.deep.equal([16, true]);
    await Promise.all([one.stop(), other.stop()]);
  });

  it("does not mix what it hears late into the next minute", async () => {
    const answer = Promise.withResolvers<ReadonlyMap<string, number>>();
    const counts = replica({ exchange: () => answer.promise });
    count(counts, 1);
    const sharing = counts.share();
    now += MINUTE;
    expect(count(counts, 1)).to.equal(1);
    answer.resolve(new Map([["#a", 500]]));
    await sharing;
    expect(count(counts, 1)).to.equal(2);
    await counts.stop();
  });

  it("exchanges few keys at once, those first that are counted often", async () => {
    const counts = replica();
    for (let n = 1; n <= 1_000; n += 1) {
      count(counts, 1, `seldom-${n}`);
    }
    count(counts, 10, "often");
    await counts.share();
    const [first] = store.calls;
    expect(first?.hits.size).to.equal(250);
    expect(first?.hits.get("#often")).to.equal(10);
    await counts.stop();
  });

  it("keeps so many keys at most, and forgets the longest known", async () => {
    const counts = replica();
    count(counts, 7, "first");
    for (let n = 1; n <= 100_000; n += 1) {
      count(counts, 1, String(n));
    }
    expect(count(counts, 1, "100000")).to.equal(2);
    expect(count(counts, 1, "first")).to.equal(1);
    await counts.stop();
  });
});
