import { type Command, Option } from "commander";
import type { Billing } from "../../application/billing.ts";
import {
  EVENT_STATES,
  type EventState,
  HANDLED_EVENT_TYPES,
} from "../../domain/events/billing_event.ts";
import { type BillingCommands, reporting, withExamples } from "./command.ts";
import type { CommandOutput } from "./command_output.ts";
import { eventDetails, eventTable } from "./event_text.ts";
import { countUpTo } from "./parse_count.ts";

/** What operators can do with the inbox. */
export type EventUseCases = Pick<
  Billing,
  "listEvents" | "readEvent" | "countEvents" | "replayEvent"
>;

const MAX_LIMIT = 1_000;

interface ListOptions {
  readonly state?: EventState;
  readonly type?: string;
  readonly limit: number;
}

/** Adds `events list`, `show`, `replay` and `stats` to the command line. */
export function addEventCommands(
  program: Command,
  commands: BillingCommands<EventUseCases>,
  output: CommandOutput,
): void {
  const events = program.command("events").description("look into the inbox of Stripe's events");
  withExamples(events, "events list --state dead", "events replay evt_1 evt_2");
  addList(events, commands, output);
  addReplay(events, commands, output);
  const { withBilling } = commands;
  const show = events.command("show <id>").description("show one event, with what Stripe sent");
  reporting(show, output, (eventId: string) =>
    withBilling(async ({ readEvent }) => {
      const found = await readEvent.execute({ eventId });
      if (found === undefined) {
        throw new Error(`Cannot show event "${eventId}": it never came, or was removed`);
      }
      const json = { ...eventDetails(found), payload: JSON.parse(found.event.payload) };
      return { text: JSON.stringify(json, null, 2), json };
    }),
  );
  withExamples(show, "events show evt_1");
  const stats = events.command("stats").description("count the events by state");
  reporting(stats, output, () =>
    withBilling(async ({ countEvents }) => {
      const counts = await countEvents.execute();
      const lines = Object.entries(counts).map(([state, count]) => `${state.padEnd(11)}${count}`);
      return { text: lines.join("\n"), json: counts };
    }),
  );
  withExamples(stats, "events stats --json");
}

function addList(
  events: Command,
  { withBilling }: BillingCommands<EventUseCases>,
  output: CommandOutput,
): void {
  const list = events
    .command("list")
    .description("list events, what came last first")
    .addOption(new Option("--state <state>", "only those in this state").choices(EVENT_STATES))
    .option("--type <type>", "only those of this type, such as invoice.paid")
    .option("--limit <number>", `at most so many, up to ${MAX_LIMIT}`, countUpTo(MAX_LIMIT), 20);
  reporting(list, output, ({ state, type, limit }: ListOptions) =>
    withBilling(async ({ listEvents }) => {
      const page = await listEvents.execute({ state, type, limit });
      if (page.events.length === 0 && type !== undefined) {
        expectEventType(type);
      }
      const more = page.next !== null;
      const hint = more
        ? ["There are more: raise --limit, or narrow it by --state and --type"]
        : [];
      return {
        text: [eventTable(page.events), ...hint].join("\n"),
        json: { events: page.events.map(eventDetails), more },
      };
    }),
  );
  withExamples(
    list,
    "events list --state dead",
    "events list --type invoice.paid --limit 100 --json",
  );
}

/** @throws {Error} where none is ever asked for at Stripe */
function expectEventType(type: string): void {
  if (!(HANDLED_EVENT_TYPES as readonly string[]).includes(type)) {
    const known = HANDLED_EVENT_TYPES.join(", ");
    throw new Error(`Cannot list events of type "${type}": there are none. Handled are ${known}`);
  }
}

function addReplay(
  events: Command,
  { withBilling }: BillingCommands<EventUseCases>,
  output: CommandOutput,
): void {
  const replay = events
    .command("replay <ids...>")
    .description("run events again, whatever became of them before; exits with 1 if one was not");
  const replayAll = async (billing: EventUseCases, ids: readonly string[]) => {
    const { stop } = output;
    const replayed: ReplayedEvent[] = [];
    for (const [index, id] of ids.entries()) {
      if (stop.aborted) {
        const problem = `not run, as it was stopped by ${stop.reason}`;
        replayed.push({ id, state: null, reason: null, problem });
      } else {
        output.progress(`Event ${index + 1} of ${ids.length}: ${id}`);
        replayed.push(await tryToReplay(billing, id));
      }
    }
    const problem = replayed.some((one) => one.problem !== null);
    const text = replayed.map(replayText).join("\n");
    return { text, json: { events: replayed }, problem, stopped: stop.aborted && problem };
  };
  reporting(
    replay,
    output,
    (ids: readonly string[]) => withBilling((billing) => replayAll(billing, ids)),
    "by_itself",
  );
  withExamples(replay, "events replay evt_1", "events replay evt_1 evt_2 --json");
}

interface ReplayedEvent {
  readonly id: string;
  /** `null` if the event was not run. */
  readonly state: EventState | null;
  readonly reason: string | null;
  /** Why the event was not run. */
  readonly problem: string | null;
}

/** One that fails keeps none of the others from being run. */
async function tryToReplay(billing: EventUseCases, id: string): Promise<ReplayedEvent> {
  try {
    return await replayEvent(billing, id);
  } catch (error) {
    const problem = error instanceof Error ? error.message : "unknown error";
    return { id, state: null, reason: null, problem };
  }
}

async function replayEvent({ replayEvent }: EventUseCases, id: string): Promise<ReplayedEvent> {
  const outcome = await replayEvent.execute({ eventId: id });
  const refused = (problem: string) => ({ id, state: null, reason: null, problem });
  switch (outcome.type) {
    case "replayed": {
      const { state, reason } = outcome.event;
      return { id, state, reason, problem: null };
    }
    case "in_progress":
      return refused("it is being handled at this moment");
    case "unknown":
      return refused("it never came, or was removed");
    default:
      return outcome satisfies never;
  }
}

function replayText({ id, state, reason, problem }: ReplayedEvent): string {
  return problem === null
    ? `${id} is ${state}${reason === null ? "" : `: ${reason}`}`
    : `Cannot replay event "${id}": ${problem}`;
}
