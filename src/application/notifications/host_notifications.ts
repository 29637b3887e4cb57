import {
  type AnyNotification,
  NOTIFICATION_TYPES,
  type Notification,
  type NotificationType,
} from "../../domain/notifications/notification.ts";
import { requireKey } from "../../domain/text.ts";
import type { HostHandlers } from "../ports/notifications/host_handlers.ts";

/** Handles a notification. If it rejects, it is called again, up to five times in total. */
export type NotificationHandler<Type extends NotificationType> = (
  notification: Notification<Type>,
) => Promise<void> | void;

/**
 * Calls a handler for every notification of a type, at least once, in this process or in another
 * one with handlers under the same name; in order per tenant and source.
 *
 * @param options.as the program's name, for programs that share a database and each want every
 *   notification. Default: `host`
 * @throws {TypeError} when there is no such type, or the name can be none
 */
export type ListenTo = <Type extends NotificationType>(
  type: Type,
  handler: NotificationHandler<Type>,
  options?: { readonly as?: string },
) => void;

interface Listener {
  readonly name: string;
  readonly type: NotificationType;
  readonly call: (notification: AnyNotification) => Promise<void> | void;
}

/** The handlers that a host registers while it runs. */
export function hostNotifications(): { readonly on: ListenTo; readonly handlers: HostHandlers } {
  const listeners: Listener[] = [];
  return {
    on: (type, handler, { as: name = "host" } = {}) => {
      if (!NOTIFICATION_TYPES.includes(type)) {
        const types = NOTIFICATION_TYPES.join(", ");
        throw new TypeError(`Cannot listen to "${type}": the types are ${types}`);
      }
      requireKey(name, "name of a program");
      const call = handler as Listener["call"];
      listeners.push({ name, type, call });
    },
    handlers: {
      wanted: () => {
        const names = new Set(listeners.map(({ name }) => name));
        const typesOf = (name: string) => [
          ...new Set(listeners.filter((one) => one.name === name).map(({ type }) => type)),
        ];
        return new Map([...names].map((name) => [name, typesOf(name).toSorted()]));
      },
      handle: async (name, notification) => {
        for (const listener of listeners) {
          if (listener.name === name && listener.type === notification.type) {
            await listener.call(notification);
          }
        }
      },
    },
  };
}
