import { type Command, InvalidArgumentError, Option } from "commander";
import type { Billing } from "../../application/billing.ts";
import { EVENT_STATES, type EventState } from "../../domain/billing_event.ts";
import { eventDetails, eventTable } from "./event_text.ts";

/** What operators can do with the inbox. */
export type EventUseCases = Pick<
  Billing,
  "listEvents" | "readEvent" | "countEvents" | "replayEvent"
>;

/** What the commands work with. */
export interface EventCommandPorts {
  /** Connects to the store, does the work, and lets go of it. */
  withBilling(work: (billing: EventUseCases) => Promise<void>): Promise<void>;
  print(text: string): void;
}

const MAX_LIMIT = 1_000;

/** Adds `events list`, `show`, `replay` and `stats` to the command line. */
export function addEventCommands(
  program: Command,
  { withBilling, print }: EventCommandPorts,
): void {
  const events = program.command("events").description("look into the inbox of Stripe's events");
  events
    .command("list")
    .description("list events, what came last first")
    .addOption(new Option("--state <state>", "only those in this state").choices(EVENT_STATES))
    .option("--type <type>", "only those of this type, such as invoice.paid")
    .option("--limit <number>", `at most so many, up to ${MAX_LIMIT}`, parseLimit, 20)
    .option("--json", "one JSON object per line")
    .action(async ({ json, ...filter }: ListOptions) => {
      await withBilling(async ({ listEvents }) => {
        const page = await listEvents.execute(filter);
        print(
          json ? page.events.map((found) => eventDetails(found)).join("") : eventTable(page.events),
        );
        if (page.next !== null && !json) {
          print("There are more: raise --limit, or narrow it by --state and --type\n");
        }
      });
    });
  events
    .command("show <id>")
    .description("show one event, with what Stripe sent")
    .action(async (eventId: string) => {
      await withBilling(async ({ readEvent }) => {
        const found = await readEvent.execute({ eventId });
        if (found === undefined) {
          throw new Error(`Cannot show event "${eventId}": it never came, or was removed`);
        }
        print(eventDetails(found, { payload: true }));
      });
    });
  events
    .command("replay <ids...>")
    .description("run events again, whatever became of them before")
    .action(async (ids: readonly string[]) => {
      await withBilling(async (billing) => {
        for (const eventId of ids) {
          print(await replay(billing, eventId));
        }
      });
    });
  events
    .command("stats")
    .description("count the events by state")
    .action(async () => {
      await withBilling(async ({ countEvents }) => {
        const counts = Object.entries(await countEvents.execute());
        print(counts.map(([state, count]) => `${state.padEnd(11)}${count}\n`).join(""));
      });
    });
}

interface ListOptions {
  readonly state?: EventState;
  readonly type?: string;
  readonly limit: number;
  readonly json?: true;
}

async function replay({ replayEvent }: EventUseCases, eventId: string): Promise<string> {
  const outcome = await replayEvent.execute({ eventId });
  switch (outcome.type) {
    case "replayed": {
      const { state, reason } = outcome.event;
      return `${eventId} is ${state}${reason === null ? "" : `: ${reason}`}\n`;
    }
    case "in_progress":
      throw new Error(`Cannot replay event "${eventId}": it is being handled at this moment`);
    case "unknown":
      throw new Error(`Cannot replay event "${eventId}": it never came, or was removed`);
    default:
      return outcome satisfies never;
  }
}

function parseLimit(text: string): number {
  const limit = Number(text);
  if (!/^\d{1,4}$/.test(text) || limit < 1 || limit > MAX_LIMIT) {
    throw new InvalidArgumentError(`Expected a whole number from 1 to ${MAX_LIMIT}.`);
  }
  return limit;
}
