import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { SeededRandom } from "../../sandbox/webhooks/random.ts";
import type { Answer, Call, DayClock, DayStore, Order } from "./day_orders.ts";

const PROGRAM = fileURLToPath(new URL("day_process.ts", import.meta.url));
const COMPILE_CACHE = fileURLToPath(new URL("../../node_modules/.cache/compiled", import.meta.url));
const MOST_SKEW_MS = 5_000;
const LOOK_PAUSE_MS = 5;

/** What a call came to; `undefined` where nobody knows. */
export type Outcome = { readonly type: string; readonly month: string | null } | undefined;

interface Running {
  readonly child: ChildProcess;
  readonly waiting: Map<number, (outcome: Outcome) => void>;
  isReady: boolean;
}

/** Processes over one store, whose clocks differ; one that is killed is started again. */
export class DayProcesses {
  kills = 0;
  stepsBack = 0;
  readonly #random: SeededRandom;
  readonly #where: { readonly store: DayStore; readonly clock: DayClock };
  readonly #running: Running[] = [];
  /** How far the clock of each is ahead of the others' time, which jumps. Milliseconds. */
  readonly #skewMs: number[] = [];
  #jumpedMs = 0;
  #calls = 0;
  #isOver = false;

  constructor(
    count: number,
    where: { readonly store: DayStore; readonly clock: DayClock },
    random: SeededRandom,
  ) {
    this.#where = where;
    this.#random = random;
    for (let place = 0; place < count; place += 1) {
      this.#skewMs.push(this.#skew());
      this.#running.push(this.#start(place));
    }
  }

  /** Asks any process that is there; resolves when it has answered or died. */
  async ask(call: Call): Promise<Outcome> {
    const chosen = await this.#anyReady();
    this.#calls += 1;
    const id = this.#calls;
    const outcome = new Promise<Outcome>((resolve) => chosen.waiting.set(id, resolve));
    tell(chosen.child, { order: "call", id, call });
    return await outcome;
  }

  /** Kills one with SIGKILL, and starts another in its place. */
  kill(): void {
    const place = Math.floor(this.#random.next() * this.#running.length);
    const running = this.#running[place];
    if (running?.isReady === true) {
      this.kills += 1;
      running.child.kill("SIGKILL");
      this.#running[place] = this.#start(place);
    }
  }

  /** Sets the clock of one, forward or back. */
  step(): void {
    const place = Math.floor(this.#random.next() * this.#running.length);
    const skewMs = this.#skew();
    this.stepsBack += skewMs < (this.#skewMs[place] ?? 0) ? 1 : 0;
    this.#skewMs[place] = skewMs;
    this.#tellClocks();
  }

  /** Lets time pass for all of them, while none of them is asked anything. */
  jump(ms: number): void {
    this.#jumpedMs += ms;
    this.#tellClocks();
  }

  #tellClocks(): void {
    for (const [place, { child }] of this.#running.entries()) {
      tell(child, { order: "clock", aheadMs: this.#aheadMs(place) });
    }
  }

  #aheadMs(place: number): number {
    return this.#jumpedMs + (this.#skewMs[place] ?? 0);
  }

  /** Ends all. */
  async close(): Promise<void> {
    this.#isOver = true;
    await Promise.all(
      this.#running.map(async ({ child }) => {
        const ended = once(child, "exit");
        child.kill("SIGKILL");
        await ended;
      }),
    );
  }

  async #anyReady(): Promise<Running> {
    for (;;) {
      const ready = this.#running.filter(({ isReady }) => isReady);
      const chosen = ready[Math.floor(this.#random.next() * ready.length)];
      if (chosen !== undefined) {
        return chosen;
      }
      await pause(LOOK_PAUSE_MS);
    }
  }

  #skew(): number {
    return Math.round((2 * this.#random.next() - 1) * MOST_SKEW_MS);
  }

  #start(place: number): Running {
    const child = spawn(process.execPath, [PROGRAM], {
      env: { ...process.env, NODE_COMPILE_CACHE: COMPILE_CACHE },
      stdio: ["pipe", "pipe", "inherit"],
    });
    const running: Running = { child, waiting: new Map(), isReady: false };
    const { waiting } = running;
    child.stdin?.on("error", () => undefined);
    if (child.stdout !== null) {
      createInterface({ input: child.stdout }).on("line", (line) => {
        const answer: Answer = JSON.parse(line);
        if (answer.answer === "ready") {
          running.isReady = true;
          return;
        }
        const resolve = waiting.get(answer.id);
        waiting.delete(answer.id);
        resolve?.(answer.answer === "done" ? answer : undefined);
      });
    }
    child.once("exit", (code) => {
      running.isReady = false;
      for (const resolve of waiting.values()) {
        resolve(undefined);
      }
      if (code !== null && !this.#isOver) {
        throw new Error(`A process ended by itself with ${code}`);
      }
    });
    tell(child, { order: "start", ...this.#where, aheadMs: this.#aheadMs(place) });
    return running;
  }
}

function tell(child: ChildProcess, order: Order): void {
  child.stdin?.write(`${JSON.stringify(order)}\n`);
}
