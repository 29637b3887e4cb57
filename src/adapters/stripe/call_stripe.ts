import { PortError } from "../../application/ports/port_error.ts";
import { portErrorOf } from "./port_error_of.ts";
import { WireObject } from "./wire_object.ts";

/** The purpose of a call and the object it must return. */
export interface ExpectedAnswer {
  /** The action, phrased to follow "Cannot". */
  readonly action: string;
  /** The expected value of the `object` field, such as `invoice`. */
  readonly object: string;
  /** The id asked for, if there is one. */
  readonly id?: string;
}

/** Stripe's answer to a call. */
export interface StripeAnswer {
  readonly wire: WireObject;
  /** Whether Stripe replayed the answer stored under the same idempotency key. */
  readonly replayed: boolean;
}

/** What has no id, and what messages call it. */
const NAMELESS: ReadonlyMap<string, string> = new Map([
  ["list", "a list"],
  ["search_result", "a list"],
  ["tax.settings", "the tax settings"],
]);

/**
 * Makes a call and checks that the answer is the object asked for, because stripe-node treats any
 * JSON without an `error` as success, whatever its status.
 *
 * @throws {PortError} if the call fails or returns anything else
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
  const nameless = NAMELESS.get(String(object));
  if (object !== expected.object || (!named && nameless === undefined)) {
    throw unusable(expected, `Stripe's answer is no ${expected.object}`, status);
  }
  if (expected.id !== undefined && id !== expected.id) {
    throw unusable(expected, `Stripe answered with a different ${expected.object}`, status);
  }
  return { wire: new WireObject(answer, named ? `${object} "${id}"` : (nameless ?? "")), replayed };
}

async function settled(action: string, request: () => Promise<unknown>): Promise<unknown> {
  try {
    return await withoutCallSite(request);
  } catch (error) {
    throw portErrorOf(error, action);
  }
}

/**
 * Makes a call for which stripe-node does not write down where it comes from, which takes as long as
 * all else that it does: our errors say what was asked.
 */
function withoutCallSite<T>(request: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return request();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
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
    replayed: headerOf(headers, "idempotent-replayed") === "true",
  };
}

function headerOf(headers: unknown, name: string): unknown {
  return headers instanceof Headers ? headers.get(name) : isRecord(headers) && headers[name];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
