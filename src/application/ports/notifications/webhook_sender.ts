import type { NotificationTarget } from "../../../domain/notifications/notification_target.ts";
import type { Delivery } from "./delivery_store.ts";

/** Sends notifications to webhook endpoints. */
export interface WebhookSender {
  /** Returns why an address is not allowed, phrased to follow "must"; `null` if it is allowed. */
  problemOf(url: string): string | null;

  /**
   * Sends a delivery, signed with each of the target's secrets, and returns the HTTP status.
   * Follows no redirects, takes at most ten seconds, and never connects to a private address,
   * whatever names resolve to.
   *
   * @throws {Error} if there is no answer; the message may be shown to operators
   */
  send(target: NotificationTarget, delivery: Delivery, now: Date): Promise<number>;
}
