import type { AttentionRecord } from "../attention/attention_item.ts";
import { type AnyNotification, notificationOf } from "./notification.ts";

/**
 * Number of notified changes of each item, between open and no longer open; odd while it is open.
 */
export type ToldAttention = Readonly<Record<string, number>>;

/**
 * Derives the notifications of a tenant's attention items: those newly open, and those notified as
 * open that no longer are.
 *
 * @param items all open ones, and all that were notified as open
 */
export function attentionNotifications(
  told: ToldAttention,
  { items, now: at }: { items: readonly AttentionRecord[]; now: Date },
): { readonly notifications: readonly AnyNotification[]; readonly told: ToldAttention } {
  const notifications: AnyNotification[] = [];
  const turns: Record<string, number> = { ...told };
  for (const { id, tenantId, kind, subject, message, action, state } of items) {
    const turn = turns[id] ?? 0;
    const isToldOpen = turn % 2 === 1;
    if (isToldOpen !== (state === "open")) {
      const type = isToldOpen ? "attention.resolved" : "attention.raised";
      const data = { attentionId: id, kind, subject, message, action };
      const fact = `${id}:${turn + 1}`;
      notifications.push(notificationOf(type, { fact, tenantId, at, data }));
      turns[id] = turn + 1;
    }
  }
  return { notifications, told: turns };
}
