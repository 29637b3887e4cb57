import { PortError } from "../../application/ports/port_error.ts";

/**
 * Primary result codes of transient failures, which pass without a change of code or data: BUSY,
 * LOCKED, NOMEM, IOERR, FULL and PROTOCOL. Source: sqlite.org/rescode.html
 */
const TRANSIENT_CODES: readonly number[] = [5, 6, 7, 10, 13, 15];

const SQLITE_BUSY = 5;

/** Extended result codes of violated unique indexes: PRIMARYKEY, UNIQUE and ROWID. */
const UNIQUE_CODES: readonly number[] = [1555, 2067, 2579];

const UNIQUE_MESSAGE = "UNIQUE constraint failed: ";

/**
 * Translates a failed SQLite call into a `PortError`.
 *
 * @param action the action, phrased to follow "Cannot", as in `save the account`
 */
export function sqliteFailure(action: string, error: unknown): PortError {
  if (error instanceof PortError) {
    return error;
  }
  const state = error instanceof Error ? error.message : String(error);
  const code = resultCode(error);
  return new PortError(`Cannot ${action}: ${state}`, {
    transient: code !== undefined && TRANSIENT_CODES.includes(code & 0xff),
    cause: error,
  });
}

/** Whether another connection had locked the database, so nothing was done. */
export function isBusy(error: unknown): boolean {
  return ((resultCode(error) ?? 0) & 0xff) === SQLITE_BUSY;
}

/**
 * Returns the columns of the unique index that a statement violated, as SQLite names them:
 * `table.first, table.second`. `undefined` for any other failure.
 */
export function violatedIndex(error: unknown): string | undefined {
  const code = resultCode(error);
  if (!(error instanceof Error) || code === undefined || !UNIQUE_CODES.includes(code)) {
    return undefined;
  }
  return error.message.startsWith(UNIQUE_MESSAGE)
    ? error.message.slice(UNIQUE_MESSAGE.length)
    : undefined;
}

function resultCode(error: unknown): number | undefined {
  return error instanceof Error && "errcode" in error && typeof error.errcode === "number"
    ? error.errcode
    : undefined;
}
