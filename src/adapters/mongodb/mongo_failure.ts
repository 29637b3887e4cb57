import mongoose, { mongo } from "mongoose";
import { PortError } from "../../application/ports/port_error.ts";

/**
 * Codes of transient server errors, which pass without a change of code or data: state changes of a
 * replica set, lost hosts, time limits, lock and write conflicts, lost cursors, writes repeated too
 * late, a full disk. Source: MongoDB's list of error codes.
 */
const TRANSIENT_CODES: ReadonlySet<unknown> = new Set([
  6, 7, 24, 43, 46, 50, 64, 89, 91, 112, 133, 134, 175, 189, 202, 225, 237, 262, 317, 358, 384, 462,
  9001, 10107, 11600, 11601, 11602, 13388, 13435, 13436, 14031,
]);

const TRANSIENT_LABELS = [
  "RetryableWriteError",
  "TransientTransactionError",
  "RetryableError",
  "SystemOverloadedError",
];

/**
 * Translates a failed MongoDB call into a `PortError`.
 *
 * @param action the action, phrased to follow "Cannot", as in `save the account`
 */
export function mongoFailure(action: string, error: unknown): PortError {
  if (error instanceof PortError) {
    return error;
  }
  const state = error instanceof Error ? error.message : String(error);
  return new PortError(`Cannot ${action}: ${withoutCredentials(state)}`, {
    transient: isTransient(error),
    cause: error,
  });
}

function isTransient(error: unknown): boolean {
  if (error instanceof mongoose.Error.MongooseServerSelectionError) {
    return true;
  }
  if (!(error instanceof mongo.MongoError)) {
    return false;
  }
  return (
    error instanceof mongo.MongoNetworkError ||
    error instanceof mongo.MongoServerSelectionError ||
    error instanceof mongo.MongoNotConnectedError ||
    // Whatever others say, the primary has the write: repeating it tells.
    error instanceof mongo.MongoWriteConcernError ||
    isPoolFailure(error) ||
    TRANSIENT_LABELS.some((label) => error.hasErrorLabel(label)) ||
    TRANSIENT_CODES.has(error.code)
  );
}

/**
 * Recognises errors of the connection pool by name, because the driver does not export their
 * classes.
 */
function isPoolFailure({ name }: Error): boolean {
  return (
    name === "MongoWaitQueueTimeoutError" ||
    name === "MongoPoolClearedError" ||
    name === "MongoPoolClearedOnNetworkError" ||
    name === "MongoPoolClosedError"
  );
}

/** Removes the user and password of every URL from a message. */
export function withoutCredentials(message: string): string {
  return message.replaceAll(/\S+/g, (word) => {
    const start = /mongodb(?:\+srv)?:\/\//.exec(word);
    const end = word.lastIndexOf("@");
    const from = start === null ? end : start.index + start[0].length;
    return from < end ? `${word.slice(0, from)}***${word.slice(end)}` : word;
  });
}
