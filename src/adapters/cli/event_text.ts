import type { InboxEvent } from "../../application/ports/event_inbox.ts";

/** Events as lines of a table, with a head. */
export function eventTable(events: readonly InboxEvent[]): string {
  const rows = events.map(({ event, state, attempts, receivedAt, reason }) => [
    receivedAt.toISOString(),
    state,
    String(attempts),
    printable(event.type),
    printable(event.id),
    printable(reason ?? ""),
  ]);
  const all = [["received", "state", "tries", "type", "id", "reason"], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) =>
    Math.max(...all.map((cells) => cells[column]?.length ?? 0)),
  );
  return all.map((cells) => `${lineOf(cells, widths)}\n`).join("");
}

/** An event as one line of JSON; with what Stripe sent, as JSON over several lines. */
export function eventDetails(
  { event, ...standing }: InboxEvent,
  { payload = false }: { payload?: boolean } = {},
): string {
  const { payload: sent, ...about } = event;
  const details = { ...about, ...standing };
  return payload
    ? `${JSON.stringify({ ...details, payload: JSON.parse(sent) }, null, 2)}\n`
    : `${JSON.stringify(details)}\n`;
}

function lineOf(cells: readonly string[], widths: readonly number[]): string {
  return cells
    .map((cell, column) => cell.padEnd(widths[column] ?? 0))
    .join("  ")
    .trimEnd();
}

/** Without what could move a terminal's cursor. */
function printable(text: string): string {
  return text.replaceAll(/[^\P{C}]/gu, "?");
}
