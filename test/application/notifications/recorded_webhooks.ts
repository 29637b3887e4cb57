import type { WebhookSender } from "../../../src/application/ports/notifications/webhook_sender.ts";
import type { AnyNotification } from "../../../src/domain/notifications/notification.ts";

/** A receiver of webhooks in memory. */
export interface RecordedWebhooks {
  readonly sender: WebhookSender;
  /** What arrived, as often as it did. */
  readonly arrived: { readonly targetId: string; readonly notification: AnyNotification }[];
  /** What the receiver answers; default 200. */
  answer: () => number;
}

/** Keeps what is sent, in the order in which it arrives. */
export function recordedWebhooks(): RecordedWebhooks {
  const recorded: RecordedWebhooks = {
    arrived: [],
    answer: () => 200,
    sender: {
      problemOf: (url) => (url.startsWith("https://") ? null : "be an https URL"),
      send: async ({ id: targetId }, { body }) => {
        recorded.arrived.push({ targetId, notification: JSON.parse(body) });
        return recorded.answer();
      },
    },
  };
  return recorded;
}

/** The types of what arrived, in order. */
export function typesOf({ arrived }: RecordedWebhooks): string[] {
  return arrived.map(({ notification }) => notification.type);
}
