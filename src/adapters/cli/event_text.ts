import type { InboxEvent } from "../../application/ports/events/event_inbox.ts";
import { printable } from "./command_output.ts";

/** Events as a table with a header line. */
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
  return all.map((cells) => lineOf(cells, widths)).join("\n");
}

/** An event for programs, without what Stripe sent. */
export function eventDetails({ event, ...standing }: InboxEvent): object {
  const { payload: _, ...about } = event;
  return { ...about, ...standing };
}

function lineOf(cells: readonly string[], widths: readonly number[]): string {
  return cells
    .map((cell, column) => cell.padEnd(widths[column] ?? 0))
    .join("  ")
    .trimEnd();
}
