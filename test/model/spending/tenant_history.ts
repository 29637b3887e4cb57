import { SeededRandom } from "../../../sandbox/webhooks/random.ts";
import type { Card, Move } from "./moves.ts";

/** What the provider is set to do when a payment fails for good. */
export const DUNNINGS = [
  { subscription: "cancel", invoice: "open" },
  { subscription: "unpaid", invoice: "open" },
  { subscription: "past_due", invoice: "open" },
  { subscription: "pause", invoice: "open" },
  { subscription: "past_due", invoice: "uncollectible" },
] as const;

/** What one tenant does by itself. The seed is that of the provider's ids. */
export interface TenantHistory {
  readonly seed: number;
  /** The place of a setting in {@linkcode DUNNINGS}. */
  readonly dunning: number;
  /** Whether it uses everything at every moment, or only where a move says so. */
  readonly greedy: boolean;
  readonly moves: readonly Move[];
}

/** Of which a kind of histories is made. */
export interface Kind {
  /** Whether payments may fail, links be followed late, and time go by unseen. */
  readonly honest: boolean;
  readonly mostMoves: number;
}

/** Anything that a tenant may do. */
export const ANY: Kind = { honest: false, mostMoves: 10 };
/** What a tenant does who always pays. */
export const HONEST: Kind = { honest: true, mostMoves: 8 };

const BAD_CARDS: readonly Card[] = ["declines", "challenge", "always_challenge", "failing_debit"];
const ALL_CARDS: readonly Card[] = ["good", "good", "good", "debit", ...BAD_CARDS, "declines"];
const HOURS = [0.02, 0.3, 1, 1.02, 24, 24 * 3, 24 * 8, 24 * 14.5, 24 * 21, 24 * 31, 24 * 33];
const MINUTES = [1, 5, 30, 61, 90, 24 * 60];

/** Makes and changes histories; all of it follows from a seed. */
export class Breeder {
  readonly #random: SeededRandom;
  readonly #kind: Kind;

  constructor(seed: number, kind: Kind) {
    this.#random = new SeededRandom(seed);
    this.#kind = kind;
  }

  /** A new history. */
  make(): TenantHistory {
    const count = 2 + this.#below(this.#kind.mostMoves - 1);
    return {
      seed: this.#below(2 ** 31),
      dunning: this.#below(DUNNINGS.length),
      greedy: this.#kind.honest || this.#below(4) > 0,
      moves: [this.#take(), ...Array.from({ length: count }, () => this.#move())],
    };
  }

  /** A history like this one. */
  mutate(history: TenantHistory, other: TenantHistory): TenantHistory {
    let moves = [...history.moves];
    for (let times = 1 + this.#below(3); times > 0; times -= 1) {
      moves = this.#changed(moves, other.moves);
    }
    const dunning = this.#below(5) === 0 ? this.#below(DUNNINGS.length) : history.dunning;
    return { ...history, dunning, moves: moves.slice(0, this.#kind.mostMoves + 3) };
  }

  /** One of these. */
  pick<T>(from: readonly T[]): T {
    const found = from[this.#below(from.length)];
    if (found === undefined) {
      throw new TypeError("Cannot pick from nothing");
    }
    return found;
  }

  #changed(moves: readonly Move[], other: readonly Move[]): Move[] {
    const at = this.#below(moves.length + 1);
    switch (this.#below(5)) {
      case 0:
        return moves.toSpliced(at, 1);
      case 1:
        return moves.toSpliced(at, 1, this.#move());
      case 2:
        return [...moves.slice(0, at), ...other.slice(this.#below(other.length + 1))];
      case 3:
        return moves.toSpliced(at, 0, ...moves.slice(at, at + 2));
      default:
        return moves.toSpliced(at, 0, this.#move());
    }
  }

  #move(): Move {
    const { honest } = this.#kind;
    const unseen = !honest && this.#below(6) === 0;
    switch (this.#below(honest ? 10 : 17)) {
      case 0:
      case 1:
        return { do: "wait", hours: this.pick(HOURS), unseen };
      case 2:
        return { do: "await_renewal", minutes: this.pick(MINUTES), unseen };
      case 3:
      case 4:
        return this.#take();
      case 5:
        return { do: "cancel" };
      case 6:
        return { do: "resume" };
      case 7:
        return { do: "keep_plan" };
      case 8:
        return { do: "resume" };
      case 9:
        return this.#take();
      case 10:
      case 11:
        return { do: "pay", pick: this.#below(3), card: this.pick(ALL_CARDS) };
      case 12:
        return { do: "follow", pick: this.#below(4), card: this.pick(ALL_CARDS) };
      case 13:
        return { do: "spend", percent: this.pick([30, 70, 100]) };
      default:
        return { do: "card", card: this.pick(ALL_CARDS) };
    }
  }

  #take(): Move {
    const { honest } = this.#kind;
    return {
      do: "take",
      plan: this.pick(["starter", "pro", "business"]),
      interval: this.pick(["month", "month", "year"]),
      card: honest ? "good" : this.pick(ALL_CARDS),
      later: !honest && this.#below(5) === 0,
    };
  }

  #below(count: number): number {
    return Math.floor(this.#random.next() * count);
  }
}
