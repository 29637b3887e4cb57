import { copyOf } from "../state/copy_of.ts";
import { newId } from "../state/ids.ts";
import type { State } from "../state/state.ts";
import { API_VERSION, type EventType, type WireEvent } from "../state/wire.ts";

type Fields = Record<string, unknown>;

/** Who asked for a change: an API request, or nobody (null) where time or a page did it. */
export interface RequestSource {
  id: string | null;
  idempotency_key: string | null;
}

/**
 * One change of the state at one instant. Engine functions change `state` and add the events that
 * Stripe would send to `events`; they do no input or output.
 */
export interface Transaction {
  readonly state: State;
  /** The instant of the change in Unix seconds. */
  readonly now: number;
  /** Where the sandbox can be reached, without a slash at the end. */
  readonly baseUrl: string;
  readonly request: RequestSource;
  readonly events: WireEvent[];
  /** Older events that go out again: to one endpoint, or to Stripe's command line (null). */
  readonly resends: { event: WireEvent; endpoint: string | null }[];
}

/** Adds the event `type` about `object`, frozen as both are at this moment. */
export function emit(
  tx: Transaction,
  type: EventType,
  object: object,
  previousAttributes?: Record<string, unknown>,
): void {
  const event: WireEvent = {
    id: newId("evt"),
    object: "event",
    api_version: API_VERSION,
    created: tx.now,
    data: copyOf({
      object: { ...object },
      ...(previousAttributes && { previous_attributes: previousAttributes }),
    }),
    livemode: false,
    pending_webhooks: 0,
    request: { ...tx.request },
    type,
  };
  tx.events.push(event);
  noteChange(tx.state, event);
}

/**
 * Runs `change` on `object` and emits `type` with Stripe's `previous_attributes`; no event where
 * nothing changed.
 */
export function emitChange<T extends object>(
  tx: Transaction,
  type: EventType,
  object: T,
  change: (object: T) => void,
): void {
  const before = copyOf(object);
  change(object);
  const previous = previousAttributes(before as Fields, object as Fields);
  if (previous !== undefined) {
    emit(tx, type, object, previous);
  }
}

/** Lets the tables know what an event is about, so that what falls due later or earlier is seen. */
function noteChange(state: State, { data }: WireEvent): void {
  const tables = {
    "checkout.session": state.checkoutSessions,
    invoice: state.invoices,
    subscription: state.subscriptions,
    subscription_schedule: state.schedules,
  };
  tables[data.object.object as keyof typeof tables]?.touch(String(data.object.id));
}

/**
 * The fields of `after` that differ, with their values in `before`. Nested objects hold only what
 * differs, arrays stand whole, and a field that is new was null.
 */
function previousAttributes(before: Fields, after: Fields): Fields | undefined {
  let previous: Fields | undefined;
  const note = (key: string) => {
    const was = differenceOf(before[key], after[key]);
    if (was !== undefined) {
      previous ??= {};
      previous[key] = was;
    }
  };
  for (const key in before) {
    note(key);
  }
  for (const key in after) {
    if (!Object.hasOwn(before, key)) {
      note(key);
    }
  }
  return previous;
}

/** What of a value is not the same any more, as it was; undefined where all of it is. */
function differenceOf(was: unknown, is: unknown): unknown {
  if (was === is) {
    return undefined;
  }
  if (isRecord(was) && isRecord(is)) {
    return previousAttributes(was, is);
  }
  return JSON.stringify(was) === JSON.stringify(is) ? undefined : (was ?? null);
}

function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
