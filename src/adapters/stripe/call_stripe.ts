import { PortError } from "../../application/ports/port_error.ts";
import { portErrorOf } from "./port_error_of.ts";
import { WireObject } from "./wire_object.ts";

/** What a call is made for, and what it must answer. */
export interface ExpectedAnswer {
  /** What is tried, to follow "Cannot". */
  readonly action: string;
  /** Stripe's name of the object: its `object` field. */
  readonly object: string;
  /** The id that was asked for. */
  readonly id?: string;
}

/** Stripe's answer to a call. */
export interface StripeAnswer {
  readonly wire: WireObject;
  /** Whether Stripe repeated what it had answered under the same idempotency key. */
  readonly replayed: boolean;
}

/**
 * Makes a call and checks that the object asked for came back: stripe-node takes every JSON
 * without an `error` for a success, whatever its status.
 *
 * @throws {PortError}
 */
export async function callStripe(
  expected: ExpectedAnswer,
  request: () => Promise<unknown>,
): Promise<StripeAnswer> {
  if (expected.id !== undefined && /^\.{0,2}$/.test(expected.id)) {
    throw unusable(expected, `"${expected.id}" would lead to another address`, null);
  }
  const answer = await settled(expected.action, request);
  const { status, replayed } = responseOf(answer);
  const { object, id } = isRecord(answer) ? answer : {};
  const named = typeof id === "string" && id !== "";
  const collection = object === "list" || object === "search_result";
  if (object !== expected.object || (!named && !collection)) {
    throw unusable(expected, `Stripe's answer is no ${expected.object}`, status);
  }
  if (expected.id !== undefined && id !== expected.id) {
    throw unusable(expected, `Stripe answered with a different ${expected.object}`, status);
  }
  return { wire: new WireObject(answer, named ? `${object} "${id}"` : "a list"), replayed };
}

async function settled(action: string, request: () => Promise<unknown>): Promise<unknown> {
  try {
    return await request();
  } catch (error) {
    throw portErrorOf(error, action);
  }
}

function unusable({ action }: ExpectedAnswer, reason: string, status: number | null): PortError {
  const transient = status !== null && (status === 429 || status >= 500);
  const suffix = status === null || status === 200 ? "" : `, status ${status}`;
  return new PortError(`Cannot ${action}: ${reason}${suffix}`, { transient });
}

function responseOf(answer: unknown): { status: number | null; replayed: boolean } {
  const response = isRecord(answer) ? answer.lastResponse : undefined;
  if (!isRecord(response)) {
    return { status: null, replayed: false };
  }
  const { headers, status } = response;
  return {
    status: typeof status === "number" ? status : null,
    replayed: headers instanceof Headers && headers.get("idempotent-replayed") === "true",
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
