import type {
  AnyNotification,
  NotificationType,
} from "../../../domain/notifications/notification.ts";

/** The handlers for notifications that a host has registered in this process. */
export interface HostHandlers {
  /** Returns the names of the handlers, and the types that each handles. */
  wanted(): ReadonlyMap<string, readonly NotificationType[]>;

  /** Runs the handlers of a name for a notification, one after the other. Rejects if one does. */
  handle(name: string, notification: AnyNotification): Promise<void>;
}
