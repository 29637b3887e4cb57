import type { NotificationTarget } from "../../../domain/notifications/notification_target.ts";
import type { Delivery } from "./delivery_store.ts";

/** Sends notifications to webhook endpoints. */
export interface WebhookSender {
  /** Why nothing is sent to an address, as a sentence's end after "must"; `null` if it may be. */
  problemOf(url: string): string | null;

  /**
   * Sends a delivery, signed with each of the target's secrets, and answers the HTTP status. Follows
   * no redirects, takes at most ten seconds, and connects to no private address, whatever names
   * resolve to.
   *
   * @throws {Error} when there is no answer; the message may be shown to operators
   */
  send(target: NotificationTarget, delivery: Delivery, now: Date): Promise<number>;
}
