import type { AnyNotification } from "../../domain/notifications/notification.ts";
import {
  type NotificationTarget,
  nextAttemptAt,
} from "../../domain/notifications/notification_target.ts";
import { inTime } from "../in_time.ts";
import type { Clock } from "../ports/clock.ts";
import type { Delivery, DeliveryStore } from "../ports/notifications/delivery_store.ts";
import type { HostHandlers } from "../ports/notifications/host_handlers.ts";
import type { WebhookSender } from "../ports/notifications/webhook_sender.ts";
import { hostName, hostTargetId, type NotificationTargets } from "./notification_targets.ts";

/** Longer than any attempt. */
const LEASE_MS = 60_000;
const HANDLER_MS = 30_000;
const CONCURRENCY = 8;
/** After it, what no process has a handler of is given up. */
const UNHANDLED_MS = 86_400_000;
const UNHANDLED = { status: null, error: "no process has a handler of this type" } as const;

/** The dependencies of `DeliverNotifications`. */
export interface DeliverNotificationsPorts {
  readonly deliveries: DeliveryStore;
  readonly targets: NotificationTargets;
  readonly hostHandlers: HostHandlers;
  readonly webhookSender: WebhookSender;
  readonly clock: Clock;
}

/** An abandoned delivery. */
export interface DeadDelivery {
  readonly id: string;
  readonly error: string;
}

/**
 * Makes due deliveries: to webhook endpoints, and to the handlers that the host has registered in
 * this process. Tries each delivery up to five times; the next one of the same tenant and source
 * follows after it has succeeded or failed for good. Any number of processes may do so at once.
 */
export class DeliverNotifications {
  readonly #ports: DeliverNotificationsPorts;

  constructor(ports: DeliverNotificationsPorts) {
    this.#ports = ports;
  }

  /**
   * Makes at most `limit` attempts; begins none once `signal` aborts.
   *
   * @returns how many it made, and which deliveries it abandoned
   * @throws {PortError}
   */
  async execute({
    limit,
    signal,
  }: {
    limit: number;
    signal?: AbortSignal;
  }): Promise<{ readonly attempts: number; readonly dead: readonly DeadDelivery[] }> {
    await this.#registerHandlers();
    const targets = await this.#here();
    const dead: DeadDelivery[] = [];
    let attempts = 0;
    const work = async () => {
      while (targets.size > 0 && attempts < limit && !signal?.aborted) {
        attempts += 1;
        const delivery = await this.#claim([...targets.values()]);
        const target = delivery && targets.get(delivery.targetId);
        if (delivery === undefined || target === undefined) {
          attempts -= 1;
          return;
        }
        dead.push(...(await this.#attempt(target, delivery)));
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, work));
    return { attempts, dead };
  }

  /** Claims what this process can deliver, or what no process has a handler of. */
  async #claim(targets: readonly NotificationTarget[]): Promise<Delivery | undefined> {
    const { deliveries, hostHandlers, clock } = this.#ports;
    const now = clock();
    const until = new Date(+now + LEASE_MS);
    const targetIds = targets.filter(({ url }) => url !== null).map(({ id }) => id);
    const ofTypes = [...hostHandlers.wanted()].flatMap(([name, types]) =>
      types.map((type) => [hostTargetId(name), type] as const),
    );
    const claimed = await deliveries.claim({ targetIds, ofTypes, now, until });
    const hosts = targets.filter(({ url }) => url === null).map(({ id }) => id);
    if (claimed !== undefined || hosts.length === 0) {
      return claimed;
    }
    const longAgo = new Date(+now - UNHANDLED_MS);
    return await deliveries.claim({ targetIds: hosts, now: longAgo, until });
  }

  /** Lets a type go that no process has handled for long; whoever handles it registers it again. */
  async #drop(target: NotificationTarget, type: string): Promise<void> {
    await this.#ports.targets.change(
      target.id,
      (found) => found && { ...found, events: found.events.filter((one) => one !== type) },
    );
  }

  /**
   * Registers handlers as a target; they hear what happens after the first process has done so.
   * Processes of one name may handle different types: the target wants all of them.
   */
  async #registerHandlers(): Promise<void> {
    const { targets, hostHandlers, clock } = this.#ports;
    const known = new Map((await targets.recent()).map((target) => [target.id, target]));
    for (const [name, events] of hostHandlers.wanted()) {
      const id = hostTargetId(name);
      if (!events.every((type) => known.get(id)?.events.includes(type))) {
        await targets.change(id, (found) => {
          const createdAt = found?.createdAt ?? clock();
          const all = [...new Set([...(found?.events ?? []), ...events])].toSorted();
          return { id, url: null, events: all, createdAt, secrets: [] };
        });
      }
    }
  }

  /** The targets that this process can reach. */
  async #here(): Promise<ReadonlyMap<string, NotificationTarget>> {
    const wanted = this.#ports.hostHandlers.wanted();
    const all = await this.#ports.targets.recent();
    const here = all.filter(({ id, url }) => url !== null || wanted.has(hostName(id) ?? ""));
    return new Map(here.map((target) => [target.id, target]));
  }

  async #attempt(target: NotificationTarget, delivery: Delivery): Promise<readonly DeadDelivery[]> {
    const { deliveries, clock } = this.#ports;
    const isHandled = this.#isHandled(target, delivery);
    if (!isHandled) {
      await this.#drop(target, delivery.type);
    }
    const result = isHandled ? await this.#send(target, delivery) : UNHANDLED;
    const at = clock();
    const isDone = result.error === null;
    const dueAt = isDone || !isHandled ? null : nextAttemptAt(delivery.attempts, at);
    const state = isDone ? "done" : dueAt === null ? "dead" : "waiting";
    await deliveries.settle(delivery, { state, dueAt, attempt: { at, ...result } });
    return state === "dead" ? [{ id: delivery.id, error: result.error ?? "" }] : [];
  }

  #isHandled({ id, url }: NotificationTarget, { type }: Delivery): boolean {
    const types: readonly string[] =
      this.#ports.hostHandlers.wanted().get(hostName(id) ?? "") ?? [];
    return url !== null || types.includes(type);
  }

  async #send(
    target: NotificationTarget,
    delivery: Delivery,
  ): Promise<{ status: number | null; error: string | null }> {
    const { webhookSender, hostHandlers, clock } = this.#ports;
    const name = hostName(target.id);
    try {
      if (name !== undefined) {
        const notification: AnyNotification = JSON.parse(delivery.body);
        const work = hostHandlers.handle(name, notification);
        await inTime(work, { action: `run the handlers of "${name}"`, ms: HANDLER_MS });
        return { status: null, error: null };
      }
      const status = await webhookSender.send(target, delivery, clock());
      const isTaken = status >= 200 && status < 300;
      return { status, error: isTaken ? null : `the endpoint answered ${status}` };
    } catch (error) {
      return { status: null, error: error instanceof Error ? error.message : String(error) };
    }
  }
}
