import type { SeededRandom } from "../../sandbox/webhooks/random.ts";
import type { BillingStore } from "../../src/application/ports/billing_store.ts";
import { PortError } from "../../src/application/ports/port_error.ts";
import type { Weather } from "./in_process_stripe.ts";
import type { Tally } from "./tally.ts";

/** How often something goes wrong, as a share of all calls. */
export interface FaultRates {
  readonly stripe: number;
  readonly store: number;
  /** How often a process stands still for a while: a full disk, a long pause, a sleeping laptop. */
  readonly stall: number;
}

/** Nothing goes wrong. */
export const GOOD_WEATHER: FaultRates = { stripe: 0, store: 0, stall: 0 };

const LONGEST_STALL = 8;

/** How many turns work may take that perhaps waits for something that stands still. */
const PATIENCE_TURNS = 150;

/** What a process that has been ended meets wherever it turns: it cannot do anything any more. */
export class ProcessGone extends Error {
  override readonly name = "ProcessGone";
}

/** What a process of the model is exposed to. All of it follows from one seed. */
export class Disturbance {
  rates: FaultRates = GOOD_WEATHER;
  /** Requests that reached Stripe so far. */
  requests = 0;
  /** What was called, in order. */
  readonly calls: string[] = [];
  /** Hears of every call, with how many there were. */
  onCall: (calls: number) => void = () => undefined;
  readonly #random: SeededRandom;
  readonly #tally: Tally;
  #step = 0;
  #stalled: { readonly until: number; readonly go: () => void }[] = [];

  constructor(random: SeededRandom, tally: Tally) {
    this.#random = random;
    this.#tally = tally;
  }

  /** Whether something of this probability happens now; it is counted. */
  #happens(rate: number, what: string): boolean {
    const happens = rate > 0 && this.#random.next() < rate;
    this.#tally.count(what, happens ? 1 : 0);
    return happens;
  }

  /** Another step of the history begins: what stood still long enough goes on. */
  nextStep(): void {
    this.#step += 1;
    this.release(this.#step);
  }

  /** Lets everything go on that stands still until this step; by default everything. */
  release(step = Number.POSITIVE_INFINITY): void {
    const ready = this.#stalled.filter(({ until }) => until <= step);
    this.#stalled = this.#stalled.filter(({ until }) => until > step);
    for (const { go } of ready) {
      go();
    }
  }

  /** Resolves when the work is done, or waits for something that stands still. */
  async untilStalled(work: Promise<unknown>): Promise<void> {
    let done = false;
    const finish = () => {
      done = true;
    };
    work.then(finish, finish);
    for (
      let turns = 0;
      !done && (turns < PATIENCE_TURNS || this.#stalled.length === 0);
      turns += 1
    ) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Lets others have their turn, for an uncertain time. */
  async wait(): Promise<void> {
    for (let turns = Math.floor(this.#random.next() * 6); turns > 0; turns -= 1) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (this.#happens(this.rates.stall, "process stood still")) {
      const until = this.#step + 1 + Math.floor(this.#random.next() * LONGEST_STALL);
      await new Promise<void>((go) => {
        this.#stalled.push({ until, go });
      });
    }
  }

  /** Stripe as this process sees it.  */
  weather(isGone: () => boolean): Weather {
    return {
      before: async (method, path) => {
        this.requests += 1;
        this.calls.push(
          `${method} ${path
            .split("/", 4)
            .join("/")
            .replace(/_\w{10,}/, "")}`,
        );
        this.onCall(this.calls.length);
        await this.#pass(isGone);
        if (this.#happens(this.rates.stripe / 3, "request to Stripe lost")) {
          throw new TypeError("fetch failed: connection refused");
        }
      },
      refusal: () =>
        [BUSY, BROKEN].find(({ status }) =>
          this.#happens(this.rates.stripe / 6, `Stripe answered ${status}`),
        ),
      after: async () => {
        await this.#pass(isGone);
        if (this.#happens(this.rates.stripe / 3, "Stripe's answer lost")) {
          throw new TypeError("fetch failed: connection reset");
        }
      },
    };
  }

  /** A store as this process sees it: calls fail before they are done, or after. */
  store(store: BillingStore, isGone: () => boolean): BillingStore {
    const disturb = <T extends object>(part: T): T =>
      new Proxy(part, {
        get: (target, name) => {
          const member: unknown = Reflect.get(target, name);
          if (typeof member !== "function") {
            return member;
          }
          return async (...args: unknown[]) => {
            this.calls.push(String(name));
            this.onCall(this.calls.length);
            await this.#pass(isGone);
            this.#fail(name, "before");
            const result: unknown = await Reflect.apply(member, target, args);
            await this.#pass(isGone);
            this.#fail(name, "after");
            return result;
          };
        },
      });
    return {
      ...store,
      accounts: disturb(store.accounts),
      ledger: disturb(store.ledger),
      inbox: disturb(store.inbox),
      topUps: disturb(store.topUps),
    };
  }

  async #pass(isGone: () => boolean): Promise<void> {
    await this.wait();
    if (isGone()) {
      this.#tally.count("work cut off by a crash");
      throw new ProcessGone("Cannot go on: the process is gone");
    }
  }

  #fail(name: PropertyKey, when: "before" | "after"): void {
    const state = `the store failed ${when} it was done`;
    if (this.#happens(this.rates.store / 2, state)) {
      throw new PortError(`Cannot ${String(name)}: ${state}`, { transient: true });
    }
  }
}

const BUSY = {
  status: 429,
  error: { type: "invalid_request_error", code: "lock_timeout", message: "Too many at once" },
};

const BROKEN = { status: 500, error: { type: "api_error", message: "Something broke" } };
