import type { AttentionRecord, AttentionTurn } from "../attention/attention_item.ts";
import { type AnyNotification, notificationOf } from "./notification.ts";

/**
 * Derives the notifications of the untold turns of a tenant's attention items, in the order of
 * their times; those of one item always in the order in which it turned.
 */
export function attentionNotifications(
  items: readonly AttentionRecord[],
): readonly AnyNotification[] {
  return items
    .flatMap(turnsOf)
    .toSorted((one, other) => one.place - other.place)
    .map(({ item, number, turn }) => {
      const { id, tenantId, kind, subject, message, action } = item;
      const data = { attentionId: id, kind, subject, message, action };
      const fact = `${id}:${number}`;
      return notificationOf(`attention.${turn.type}`, { fact, tenantId, at: turn.at, data });
    });
}

interface NumberedTurn {
  readonly item: AttentionRecord;
  readonly turn: AttentionTurn;
  readonly number: number;
  /** Never earlier than that of the turn before, however clocks differ. */
  readonly place: number;
}

function turnsOf(item: AttentionRecord): readonly NumberedTurn[] {
  const before = item.turns - item.untold.length;
  let place = 0;
  return item.untold.map((turn, index) => {
    place = Math.max(place, +turn.at);
    return { item, turn, number: before + index + 1, place };
  });
}
