import type {
  DeliveryAttempt,
  DeliveryState,
} from "../../../domain/notifications/notification_target.ts";

/** A notification for one target. */
export interface NewDelivery {
  /** Follows from the target and the notification, so adding it twice stores it once. */
  readonly id: string;
  readonly targetId: string;
  /** Deliveries of one lane are made one after the other, by `position`, then by id. */
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
  /** When it is due or, during an attempt, when others may try; `null` unless it waits. */
  readonly dueAt: Date | null;
  /** Attempts since it was added or replayed. */
  readonly attempts: number;
  /** Increases with every claim; settling a delivery names the claim. */
  readonly claims: number;
  /** The latest ten attempts. */
  readonly log: readonly DeliveryAttempt[];
}

/** A position in the list of deliveries, which is sorted newest first. */
export interface DeliveryCursor {
  readonly createdAt: Date;
  readonly id: string;
}

/** The most attempts kept with a delivery. */
export const KEPT_ATTEMPTS = 10;

/** Keeps the deliveries of notifications. Every method throws `PortError`. */
export interface DeliveryStore {
  /** Adds a delivery, due at once, unless one with that id exists; then the first one stays. */
  add(delivery: NewDelivery): Promise<"added" | "exists">;

  /**
   * Claims a due delivery to one of these targets, or of one of these types to a target: the longest
   * waiting one that is the first in its lane of those that are asked for. Until `until`, nobody who
   * asks for it gets it or a later one of its lane. Of several calls at once, one gets it. Returns
   * `undefined` if there is none.
   */
  claim(at: {
    readonly targetIds: readonly string[];
    readonly ofTypes?: readonly (readonly [targetId: string, type: string])[];
    readonly now: Date;
    readonly until: Date;
  }): Promise<Delivery | undefined>;

  /**
   * Ends a claim with the result of the attempt and the time of the next one, if any.
   *
   * @returns false, without any change, if another claim has replaced this one
   */
  settle(
    delivery: Pick<Delivery, "id" | "claims">,
    outcome: {
      readonly state: DeliveryState;
      readonly dueAt: Date | null;
      readonly attempt: DeliveryAttempt;
    },
  ): Promise<boolean>;

  /** Makes a delivery due at once with all its attempts ahead; returns false if there is none. */
  replay(id: string, now: Date): Promise<boolean>;

  find(id: string): Promise<Delivery | undefined>;

  /** Lists the deliveries of a target, newest first, then by id, greatest first. */
  list(
    targetId: string,
    page: { readonly after?: DeliveryCursor | undefined; readonly limit: number },
  ): Promise<readonly Delivery[]>;

  /** Removes at most `limit` deliveries added before then; returns how many. */
  purge(old: { readonly createdBefore: Date; readonly limit: number }): Promise<number>;
}
