import type { AttentionRecord } from "../attention/attention_item.ts";
import { type AnyNotification, notificationOf } from "./notification.ts";

/** How often each item's turns, being raised and no longer being open, were told; odd while open. */
export type ToldAttention = Readonly<Record<string, number>>;

/**
 * What is to be told of a tenant's cases: those that are open and were not told as such, and those
 * told as open that no longer are.
 *
 * @param items all that are open, and all that were told as open
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
