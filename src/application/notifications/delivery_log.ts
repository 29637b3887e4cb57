import type { Clock } from "../ports/clock.ts";
import type {
  Delivery,
  DeliveryCursor,
  DeliveryStore,
} from "../ports/notifications/delivery_store.ts";

/** A page of deliveries, newest first. */
export interface DeliveryPage {
  readonly deliveries: readonly Delivery[];
  /** The start of the next page; `null` after the last one. */
  readonly next: DeliveryCursor | null;
}

/** Lists the past and pending deliveries to an endpoint. */
export class ListDeliveries {
  readonly #deliveries: DeliveryStore;

  constructor({ deliveries }: { deliveries: DeliveryStore }) {
    this.#deliveries = deliveries;
  }

  /** @throws {PortError} */
  async execute({
    endpointId,
    after,
    limit,
  }: {
    endpointId: string;
    after?: DeliveryCursor | undefined;
    limit: number;
  }): Promise<DeliveryPage> {
    const found = await this.#deliveries.list(endpointId, { after, limit: limit + 1 });
    const deliveries = found.slice(0, limit);
    const last = deliveries.at(-1);
    const hasMore = found.length > limit && last !== undefined;
    return { deliveries, next: hasMore ? { createdAt: last.createdAt, id: last.id } : null };
  }
}

/** Repeats a delivery, whatever its state, with all its attempts ahead. */
export class ReplayDelivery {
  readonly #deliveries: DeliveryStore;
  readonly #clock: Clock;

  constructor(ports: { deliveries: DeliveryStore; clock: Clock }) {
    this.#deliveries = ports.deliveries;
    this.#clock = ports.clock;
  }

  /** Returns `undefined` if the endpoint has no such delivery. @throws {PortError} */
  async execute({
    endpointId,
    id,
  }: {
    endpointId: string;
    id: string;
  }): Promise<Delivery | undefined> {
    const found = await this.#deliveries.find(id);
    if (found?.targetId !== endpointId || !(await this.#deliveries.replay(id, this.#clock()))) {
      return undefined;
    }
    return await this.#deliveries.find(id);
  }
}

/** Removes deliveries that are older than the retention. */
export class PurgeDeliveries {
  readonly #deliveries: DeliveryStore;
  readonly #clock: Clock;
  readonly #retentionMs: number;

  constructor(
    ports: { deliveries: DeliveryStore; clock: Clock },
    { eventRetentionDays }: { eventRetentionDays: number },
  ) {
    this.#deliveries = ports.deliveries;
    this.#clock = ports.clock;
    this.#retentionMs = 86_400_000 * eventRetentionDays;
  }

  /** Removes at most `limit` and returns how many. @throws {PortError} */
  execute({ limit }: { limit: number }): Promise<number> {
    const createdBefore = new Date(+this.#clock() - this.#retentionMs);
    return this.#deliveries.purge({ createdBefore, limit });
  }
}
