import { clearTimeout, setTimeout } from "node:timers";
import type { Delivery, DeliverySettings } from "../state/delivery.ts";
import type { State } from "../state/state.ts";
import type { WireEvent } from "../state/wire.ts";
import { attemptDelivery, succeeded } from "./attempt.ts";
import { planBurst, planResend } from "./burst.ts";
import { SeededRandom } from "./random.ts";

/** How long a burst waits for an answer before the next event goes out all the same. */
const PATIENCE_MS = 500;

/** What a {@linkcode Deliverer} works with. */
export interface DelivererPorts {
  state: State;
  retryDelaysMs: readonly number[];
  /** Called after every change of a delivery. */
  changed: () => void;
}

/**
 * Sends events to the webhook endpoints that are enabled for them, in the order in which they
 * happened, and tries again after each of the retry delays until an endpoint answers 2xx.
 */
export class Deliverer {
  readonly #ports: DelivererPorts;
  readonly #closing = new AbortController();
  readonly #underWay = new Set<string>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #queues = new Map<string, Delivery[][]>();
  #waiting: (() => void)[] = [];
  #watching: (() => void)[] = [];
  #random: SeededRandom;

  constructor(ports: DelivererPorts) {
    this.#ports = ports;
    this.#random = new SeededRandom(ports.state.delivery.seed);
  }

  /** Sends the events of one burst. */
  send(events: readonly WireEvent[]): void {
    this.#enqueue(planBurst(this.#ports.state, events, this.#random));
  }

  /**
   * Sends an event again to every endpoint enabled for it, or to one of them; such a copy is
   * never dropped.
   */
  resend(event: WireEvent, endpoint?: string): Delivery[] {
    const copies = planResend(this.#ports.state, event, endpoint);
    this.#enqueue(copies.map((copy) => [copy]));
    return copies;
  }

  /** How events are delivered now. */
  get settings(): DeliverySettings {
    return this.#ports.state.delivery;
  }

  /** Changes how events are delivered; a seed starts its sequence anew, un-pausing sends what was held. */
  configure(changes: Partial<DeliverySettings>): void {
    const { state } = this.#ports;
    Object.assign(state.delivery, changes);
    if (changes.seed !== undefined) {
      this.#random = new SeededRandom(changes.seed);
    }
    if (!state.delivery.paused) {
      const held = [...state.deliveries.values()].filter(({ status }) => status === "held");
      const order = state.delivery.shuffle ? this.#random.shuffled(held) : held;
      this.#enqueue(order.map((delivery) => [delivery]));
    }
  }

  /** Takes up the deliveries that were under way when the state was saved. */
  resume(): void {
    const pending = [...this.#ports.state.deliveries.values()].filter(
      ({ status }) => status === "pending",
    );
    this.#enqueue(pending.map((delivery) => [delivery]));
  }

  /** Resolves when nothing is under way or waits for a retry. Held deliveries do not count. */
  settled(): Promise<void> {
    if (this.#underWay.size === 0) {
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  /**
   * Resolves when every endpoint has answered the event once, well or badly; at once where
   * nothing of it is under way.
   */
  attempted(event: string): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        const awaited = this.#ports.state.deliveries
          .of(event)
          .some((delivery) => delivery.attempts.length === 0 && this.#underWay.has(delivery.id));
        if (awaited) {
          this.#watching.push(look);
        } else {
          resolve();
        }
      };
      look();
    });
  }

  /** Resolves when nothing is under way that was not attempted at least once. */
  attemptedAll(): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        const awaited = [...this.#underWay].some(
          (id) => this.#ports.state.deliveries.get(id)?.attempts.length === 0,
        );
        if (awaited) {
          this.#watching.push(look);
        } else {
          resolve();
        }
      };
      look();
    });
  }

  /** Forgets everything under way, after the state was reset. */
  forget(): void {
    for (const timer of this.#timers) {
      clearTimeout(timer);
    }
    this.#timers.clear();
    this.#queues.clear();
    this.#underWay.clear();
    this.#random = new SeededRandom(this.settings.seed);
    this.#wake();
  }

  /** Stops sending; what is under way stays pending in the state. */
  close(): void {
    this.#closing.abort();
    this.forget();
  }

  #enqueue(groups: Delivery[][]): void {
    for (const group of groups) {
      const endpoint = group[0]?.endpoint;
      if (endpoint === undefined || this.#hold(group)) {
        continue;
      }
      for (const delivery of group) {
        delivery.status = "pending";
        this.#underWay.add(delivery.id);
      }
      const queue = this.#queues.get(endpoint);
      if (queue === undefined) {
        this.#queues.set(endpoint, [group]);
        void this.#work(endpoint);
      } else {
        queue.push(group);
      }
    }
  }

  #hold(group: Delivery[]): boolean {
    if (this.settings.paused) {
      for (const delivery of group) {
        delivery.status = "held";
        this.#finish(delivery);
      }
    }
    return this.settings.paused;
  }

  async #work(endpoint: string): Promise<void> {
    const queue = this.#queues.get(endpoint) ?? [];
    await Promise.resolve();
    for (let group = queue.shift(); group !== undefined; group = queue.shift()) {
      const { delayMs } = this.settings;
      if (delayMs > 0) {
        for (const delivery of group) {
          this.#later(delivery, Math.round(this.#random.next() * delayMs));
        }
      } else {
        await this.#patiently(Promise.all(group.map((delivery) => this.#attempt(delivery))));
      }
    }
    if (this.#queues.get(endpoint) === queue) {
      this.#queues.delete(endpoint);
    }
  }

  async #patiently(answers: Promise<unknown>): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise((resolve) => {
      timer = setTimeout(resolve, PATIENCE_MS);
    });
    await Promise.race([answers, patience]);
    clearTimeout(timer);
  }

  #later(delivery: Delivery, delayMs: number): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      void this.#attempt(delivery);
    }, delayMs);
    this.#timers.add(timer);
  }

  async #attempt(delivery: Delivery): Promise<void> {
    const { state, retryDelaysMs, changed } = this.#ports;
    const event = state.events.get(delivery.event);
    const endpoint = state.endpoints.get(delivery.endpoint);
    if (!this.#underWay.has(delivery.id) || this.#hold([delivery])) {
      return;
    }
    if (event === undefined || endpoint?.object.status !== "enabled") {
      delivery.status = "failed";
      this.#finish(delivery);
      return;
    }
    const target = { url: endpoint.object.url, secret: endpoint.secret };
    const attempt = await attemptDelivery(event, target, this.#closing.signal);
    if (!this.#underWay.has(delivery.id)) {
      return;
    }
    delivery.attempts.push(attempt);
    const retryDelayMs = retryDelaysMs[delivery.attempts.length - 1];
    if (succeeded(attempt)) {
      delivery.status = "delivered";
      this.#finish(delivery);
    } else if (retryDelayMs === undefined) {
      delivery.status = "failed";
      this.#finish(delivery);
    } else {
      this.#later(delivery, retryDelayMs);
      this.#wake();
    }
    changed();
  }

  #finish(delivery: Delivery): void {
    this.#underWay.delete(delivery.id);
    this.#wake();
  }

  #wake(): void {
    const watching = this.#watching;
    this.#watching = [];
    const settled = this.#underWay.size === 0 ? this.#waiting : [];
    this.#waiting = this.#underWay.size === 0 ? [] : this.#waiting;
    for (const look of [...watching, ...settled]) {
      look();
    }
  }
}
