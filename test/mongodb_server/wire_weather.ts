import { SeededRandom } from "../../sandbox/webhooks/random.ts";
import type { Decide, Fate } from "./mongo_proxy.ts";

/** How often something befalls a command, as a share of all. */
export interface Shares {
  /** It or its answer is late, so that others overtake it. */
  readonly late: number;
  /** The connection ends, before or after it took place. */
  readonly cut: number;
  /** The server is not the primary any more, before or after it took place. */
  readonly failover: number;
}

/** A bad day. */
export const ROUGH: Shares = { late: 0.3, cut: 0.02, failover: 0.02 };

const LATEST_MS = 25;

/** Answers of a primary that is deposed. */
export const DEPOSED = {
  before: { code: 10_107, codeName: "NotWritablePrimary", errmsg: "not primary" },
  after: {
    code: 11_602,
    codeName: "InterruptedDueToReplStateChange",
    errmsg: "operation was interrupted",
  },
} as const;

const KINDS = ["late", "cut_before", "cut_after", "deposed before", "deposed after"] as const;

/** What befalls commands, one after the other, as it follows from a seed. */
export interface WireWeather {
  readonly decide: Decide;
  /** How often each kind of thing happened. */
  readonly counts: ReadonlyMap<string, number>;
  /** The kinds that happened less often than that. */
  seldom(often: number): readonly string[];
}

/** Makes weather of a seed. */
export function wireWeather(seed: number, shares: Shares): WireWeather {
  const random = new SeededRandom(seed);
  const counts = new Map<string, number>();
  const count = (kind: (typeof KINDS)[number]) => counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const within = () => Math.floor(random.next() * LATEST_MS);
  const decide = (): Fate => {
    const chance = random.next();
    const when = random.next() < 0.5 ? "before" : "after";
    if (chance < shares.cut) {
      count(`cut_${when}`);
      return { do: `cut_${when}` };
    }
    if (chance < shares.cut + shares.failover) {
      count(`deposed ${when}`);
      return deposed(when);
    }
    if (chance < shares.cut + shares.failover + shares.late) {
      count("late");
      return { do: "pass", beforeMs: within(), afterMs: within() };
    }
    return { do: "pass" };
  };
  return {
    decide,
    counts,
    seldom: (often) => KINDS.filter((kind) => (counts.get(kind) ?? 0) < often),
  };
}

/** A primary is deposed before or after a command took place; drivers may repeat it. */
function deposed(when: keyof typeof DEPOSED): Fate {
  const answer = { ok: 0, ...DEPOSED[when], errorLabels: ["RetryableWriteError"] };
  return when === "before" ? { do: "answer", answer } : { do: "change", change: () => answer };
}
