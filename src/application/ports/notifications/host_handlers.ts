import type {
  AnyNotification,
  NotificationType,
} from "../../../domain/notifications/notification.ts";

/** The handlers that a host has given for notifications, in this process. */
export interface HostHandlers {
  /** The names under which there are handlers, and the types that each wants to hear. */
  wanted(): ReadonlyMap<string, readonly NotificationType[]>;

  /** Runs the handlers of a name for a notification, one after the other. Rejects as they do. */
  handle(name: string, notification: AnyNotification): Promise<void>;
}
