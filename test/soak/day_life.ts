import { SeededRandom } from "../../sandbox/webhooks/random.ts";
import { DayBooks } from "./day_books.ts";
import type { Call } from "./day_orders.ts";
import type { DayProcesses, Outcome } from "./day_processes.ts";

type Told = Exclude<Outcome, undefined>;

const MOST_TOKENS = 9;
const MOST_EMAILS = 5;
const LONGEST_RESERVATION_SECONDS = 3_600;

/** What is refused is asked again at the end where it may have taken place unheard. */
const REFUSALS = ["insufficient_tokens", "exceeded"];

/** Tenants who spend, reserve and send all day, and write down what they are told. */
export class DayLife {
  readonly books = new Map<string, DayBooks>();
  /** How often each answer was given. */
  readonly answers = new Map<string, number>();
  askedAgain = 0;
  readonly #processes: DayProcesses;
  readonly #random: SeededRandom;
  readonly #tenants: readonly string[];
  readonly #doubtful: Call[] = [];
  #keys = 0;

  constructor(processes: DayProcesses, tenants: readonly string[], seed: number) {
    this.#processes = processes;
    this.#tenants = tenants;
    this.#random = new SeededRandom(seed);
    for (const tenantId of tenants) {
      this.books.set(tenantId, new DayBooks());
    }
  }

  /** One thing that a tenant does. */
  async act(): Promise<void> {
    const tenantId = this.#tenants[this.#below(this.#tenants.length)] ?? "";
    this.#keys += 1;
    const of = { tenantId, key: `k${this.#keys}` };
    const chance = this.#random.next();
    if (chance < 0.4) {
      await this.#ask({ ...of, do: "debit", tokens: 1 + this.#below(MOST_TOKENS) });
    } else if (chance < 0.7) {
      await this.#reserve(of);
    } else {
      await this.#send(of);
    }
  }

  /** Asks again what was refused after an attempt of which nobody knows what became of it. */
  async settle(): Promise<void> {
    for (const call of this.#doubtful.splice(0)) {
      await this.#ask(call);
    }
  }

  async #reserve(of: { tenantId: string; key: string }): Promise<void> {
    const tokens = 1 + this.#below(MOST_TOKENS);
    const expiresInSeconds = 1 + this.#below(LONGEST_RESERVATION_SECONDS);
    const { type } = await this.#ask({ ...of, do: "reserve", tokens, expiresInSeconds });
    if (type !== "recorded") {
      return;
    }
    const chance = this.#random.next();
    if (chance < 0.5) {
      await this.#ask({ ...of, do: "commit", tokens: 1 + this.#below(tokens) });
    } else if (chance < 0.8) {
      await this.#ask({ ...of, do: "release" });
    }
  }

  async #send(of: { tenantId: string; key: string }): Promise<void> {
    const { type } = await this.#ask({ ...of, do: "send", count: 1 + this.#below(MOST_EMAILS) });
    if (type === "counted" && this.#random.next() < 0.2) {
      await this.#ask({ ...of, do: "unsend" });
    }
  }

  async #ask(call: Call): Promise<Told> {
    for (let attempt = 1; ; attempt += 1) {
      const told = await this.#processes.ask(call);
      if (told !== undefined) {
        this.#note(call, told);
        if (attempt > 1 && REFUSALS.includes(told.type)) {
          this.#doubtful.push(call);
        }
        return told;
      }
      this.askedAgain += 1;
    }
  }

  #note(call: Call, { type, month }: Told): void {
    const name = `${call.do}: ${type}`;
    this.answers.set(name, (this.answers.get(name) ?? 0) + 1);
    const books = this.books.get(call.tenantId) ?? new DayBooks();
    const { key } = call;
    if (call.do === "debit" && type === "recorded") {
      books.debits.set(key, call.tokens);
    } else if (call.do === "reserve" && ["recorded", "already_settled"].includes(type)) {
      books.reserves.set(key, call.tokens);
    } else if (call.do === "commit" && type === "settled") {
      books.commits.set(key, call.tokens);
    } else if (call.do === "send" && type === "counted") {
      books.sends.set(key, { count: call.count, month });
    } else if (call.do === "unsend") {
      books.sends.delete(key);
    } else if (!KNOWN.includes(name)) {
      throw new Error(`Cannot make sense of "${name}" for ${key}`);
    }
  }

  #below(limit: number): number {
    return Math.floor(this.#random.next() * limit);
  }
}

/** Answers that change nothing in the books. */
const KNOWN = [
  "debit: insufficient_tokens",
  "reserve: insufficient_tokens",
  "commit: already_settled",
  "release: settled",
  "release: already_settled",
  "send: exceeded",
];
