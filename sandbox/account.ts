import { clockOf } from "./engine/time/clock_of.ts";
import { DueIndex } from "./engine/time/due_index.ts";
import { finishAdvancing } from "./engine/time/test_clocks.ts";
import type { RequestSource, Transaction } from "./engine/transaction.ts";
import type { State } from "./state/state.ts";
import type { WireEvent, WireTestClock } from "./state/wire.ts";
import { forgetOldEvents } from "./webhooks/retention.ts";

const NOBODY: RequestSource = { id: null, idempotency_key: null };

/** What an {@linkcode Account} works with. */
export interface AccountPorts {
  state: State;
  /** The base clock in milliseconds. */
  now: () => number;
  /** Takes the events of a change once it is done. */
  deliver: (events: readonly WireEvent[]) => void;
  /** Sends an older event again. */
  resend?: (event: WireEvent, endpoint: string | null) => void;
}

/** The one Stripe account of a sandbox: its state, its clock, and the only way to change either. */
export class Account {
  readonly state: State;
  readonly #ports: AccountPorts;
  readonly #due: DueIndex;
  #baseUrl = "";

  constructor(ports: AccountPorts) {
    this.state = ports.state;
    this.#ports = ports;
    this.#due = new DueIndex(ports.state);
  }

  /** Where the sandbox can be reached; known once it listens. */
  get baseUrl(): string {
    return this.#baseUrl;
  }

  set baseUrl(url: string) {
    this.#baseUrl = url;
  }

  /** The sandbox's time in milliseconds. */
  nowMs(): number {
    return this.#ports.now() + this.state.clock.offsetMs;
  }

  /** The base clock in milliseconds, which the clock call does not move. */
  baseNowMs(): number {
    return this.#ports.now();
  }

  /** When something falls due next, in Unix seconds; undefined where nothing will. */
  nextDueAt(): number | undefined {
    return this.#due.nextAt();
  }

  /**
   * Lets happen what is due by now, then `work` as one change, and hands its events over; also
   * where it ends in a refusal, as a card that is declined leaves a failed payment behind.
   *
   * @param about ids of what is changed: it happens in the time of their test clock, if any has one
   */
  transact<T>(
    work: (tx: Transaction) => T,
    about: readonly string[] = [],
    request: RequestSource = NOBODY,
  ): T {
    this.catchUp();
    const [clock] = about.flatMap((id) => clockOf(this.state, id) ?? []);
    const tx = this.#begin(clock?.frozen_time ?? Math.floor(this.nowMs() / 1000), request);
    try {
      return work(tx);
    } finally {
      this.#commit(tx);
      if (clock?.status === "advancing") {
        this.#advance(clock);
      }
    }
  }

  /** Lets happen, in order, everything that is due by now; whether anything was. */
  catchUp(note: (event: WireEvent) => void = () => undefined): boolean {
    return this.#stepTo(this.nowMs(), note);
  }

  /**
   * Moves the clock forward to `targetMs`, stepping through every due moment on the way.
   * @param note is told every event of them
   */
  advanceTo(targetMs: number, note: (event: WireEvent) => void = () => undefined): void {
    this.catchUp(note);
    this.#stepTo(targetMs, note);
    this.state.clock.offsetMs += Math.max(0, targetMs - this.nowMs());
  }

  #stepTo(targetMs: number, note: (event: WireEvent) => void): boolean {
    let due = this.#due.nextAt();
    const any = due !== undefined && due * 1000 <= targetMs;
    while (due !== undefined && due * 1000 <= targetMs) {
      const tx = this.#begin(due, NOBODY);
      this.#due.run(tx);
      this.#commit(tx, due);
      tx.events.forEach(note);
      due = this.#due.nextAt();
    }
    return any;
  }

  /** Takes a test clock to where it is going, through every due moment of its customers. */
  #advance(clock: WireTestClock): void {
    const to = clock.status_details.advancing?.target_frozen_time ?? clock.frozen_time;
    let due = this.#due.nextAt(clock.id);
    while (due !== undefined && due <= to) {
      clock.frozen_time = due;
      const tx = this.#begin(due, NOBODY);
      this.#due.run(tx, clock.id);
      this.#commit(tx);
      due = this.#due.nextAt(clock.id);
    }
    const tx = this.#begin(to, NOBODY);
    finishAdvancing(tx, clock);
    this.#commit(tx);
  }

  #begin(now: number, request: RequestSource): Transaction {
    return { state: this.state, now, baseUrl: this.#baseUrl, request, events: [], resends: [] };
  }

  /** @param at the sandbox's own time in Unix seconds, which a test clock's is not */
  #commit(tx: Transaction, at = Math.floor(this.nowMs() / 1000)): void {
    this.#ports.deliver(tx.events);
    for (const event of tx.events) {
      this.state.events.add(event, at);
    }
    forgetOldEvents(this.state, at);
    for (const { event, endpoint } of tx.resends) {
      this.#ports.resend?.(event, endpoint);
    }
  }
}
