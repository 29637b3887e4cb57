import type {
  DeliveryAttempt,
  DeliveryState,
} from "../../../domain/notifications/notification_target.ts";

/** A notification to be delivered to one target. */
export interface NewDelivery {
  /** Follows from the target and the notification: added twice, it is there once. */
  readonly id: string;
  readonly targetId: string;
  /** Deliveries of one lane go out one after the other, by `position`, then by id. */
  readonly lane: string;
  readonly position: number;
  readonly type: string;
  /** The notification as JSON. */
  readonly body: string;
  readonly createdAt: Date;
}

/** A delivery as stored. */
export interface Delivery extends NewDelivery {
  readonly state: DeliveryState;
  /** When it is due, or, while it is being tried, when others may try; `null` unless it waits. */
  readonly dueAt: Date | null;
  /** Since it was added, or replayed. */
  readonly attempts: number;
  /** Grows with every claim: what settles a delivery names the claim. */
  readonly claims: number;
  /** The attempts, the last ten. */
  readonly log: readonly DeliveryAttempt[];
}

/** A place in the list of deliveries, which begins with the newest. */
export interface DeliveryCursor {
  readonly createdAt: Date;
  readonly id: string;
}

/** The most attempts that are kept with a delivery. */
export const KEPT_ATTEMPTS = 10;

/**
 * Keeps what is to be delivered. Every method throws `PortError`.
 */
export interface DeliveryStore {
  /** Adds a delivery, due at once, unless there is one of that id: the first one stays. */
  add(delivery: NewDelivery): Promise<"added" | "exists">;

  /**
   * Claims a delivery that is due, the longest waiting first, of one of these targets, and the first
   * that waits in its lane. Until `until` nobody else gets it, nor a later one of its lane. Of many
   * calls at once one gets it. `undefined` where there is none.
   */
  claim(at: {
    readonly targetIds: readonly string[];
    readonly now: Date;
    readonly until: Date;
  }): Promise<Delivery | undefined>;

  /**
   * Ends a claim: what came of the attempt, and when to try again, if at all.
   *
   * @returns false, and changes nothing, when another claim has come since
   */
  settle(
    delivery: Pick<Delivery, "id" | "claims">,
    outcome: {
      readonly state: DeliveryState;
      readonly dueAt: Date | null;
      readonly attempt: DeliveryAttempt;
    },
  ): Promise<boolean>;

  /** Makes a delivery due at once, with all its attempts before it; false if there is none. */
  replay(id: string, now: Date): Promise<boolean>;

  find(id: string): Promise<Delivery | undefined>;

  /** The deliveries of a target, newest first, then by id, greatest first. */
  list(
    targetId: string,
    page: { readonly after?: DeliveryCursor | undefined; readonly limit: number },
  ): Promise<readonly Delivery[]>;

  /** Removes at most `limit` deliveries that were added before; answers how many. */
  purge(old: { readonly createdBefore: Date; readonly limit: number }): Promise<number>;
}
