import { type DestinationStream, type Logger as PinoLogger, pino } from "pino";

/** Writes JSON lines: a data object first, then the message. */
export type Logger = PinoLogger;

/** Settings of `createLogger`. */
export interface LoggerOptions {
  /** `trace`, `debug`, `info`, `warn`, `error`, `fatal` or `silent`. */
  readonly level: string;
  /** Default: standard output, by `standardOutput`. */
  readonly destination?: DestinationStream | undefined;
  /** Texts that are never written, whatever they look like: the secrets that are in use. */
  readonly secrets?: readonly string[] | undefined;
}

const REDACTED = "[redacted]";
/** Deeper values are cut, so that a log line stays a line. */
const MAX_DEPTH = 6;
const MAX_CAUSES = 4;
/** Names of fields that were judged; most lines have the same. */
const MAX_JUDGED_NAMES = 1_000;
/** Lines are written together once they are so long. Characters. */
const BATCH_LENGTH = 4_096;
/** The longest that a line waits for others. Milliseconds. */
const LONGEST_BATCH_MS = 100;

/** Names, stripped to letters, whose values are never written. Amounts of `tokens` are. */
const SENSITIVE_NAME =
  /secret|passw|authorization|cookie|signature$|token$|jwt$|apikey$|^rawbody$|^payload$/;
/**
 * Things that give themselves away: Stripe and MailingCore keys, signing and client secrets, JWTs,
 * users and passwords in addresses, Checkout, Portal and invoice links. Each alternative begins
 * where no other attempt has been, and takes all that it has looked at: time is linear. Before it
 * stands what every such thing contains: most lines have none of these, which is sooner seen.
 */
const SENSITIVE_TEXT = [
  [/_live_|_test_|whsec_/, /\b(?:(?:[sr]k|mc)_(?:live|test)_|whsec_)[A-Za-z0-9_]+/],
  [/_secret_/, /\b(?:pi|seti|cs_test|cs_live)_[A-Za-z0-9]{1,100}_secret_[A-Za-z0-9%]+/],
  [/eyJ/, /\beyJ[\w-]{8,}(?:\.[\w-]*){0,2}/],
  [/:\/\//, /(?<=:\/\/)[^\s/"\\]*@/],
  [/:\/\//, /\bhttps:\/\/(?:billing|buy|checkout|invoice|pay)\.stripe\.com\/[^\s"\\]+/],
  [/\/c\/pay\/|\/p\/session\//, /\/(?:c\/pay|p\/session)\/[^\s"\\]+/],
].map(([sign, text]) => ({ sign: sign?.source ?? "", text: text?.source ?? "" }));

/**
 * Makes the service's logger. Secrets are left out by their name at any depth, and, by their shape or
 * because they are in use, anywhere in a line, the message included. Errors are written as name,
 * message, code, stack and cause; what else they carry (requests, bodies, raw answers) is not. A line
 * is one JSON value, so line breaks in data cannot forge a second one.
 */
export function createLogger({ level, destination, secrets = [] }: LoggerOptions): Logger {
  const redact = redactText(secrets);
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }), log: redactFields },
    serializers: { err: (value: unknown) => value },
    hooks: { streamWrite: redact },
  };
  const logger = pino(options, destination ?? standardOutput());
  const { child } = logger;
  logger.child = function redactedChild(this: Logger, bindings, childOptions) {
    return Reflect.apply(child, this, [redactFields(bindings), childOptions]);
  };
  return logger;
}

let output: ReturnType<typeof pino.destination> | undefined;

/**
 * Standard output, to which lines are written together: after 100 ms, or earlier where there are
 * many, and those that wait when the process exits, also by an error.
 */
function standardOutput(): DestinationStream {
  if (output === undefined) {
    const batched = { minLength: BATCH_LENGTH, periodicFlush: LONGEST_BATCH_MS };
    const opened = pino.destination({ dest: process.stdout.fd, sync: true, ...batched });
    process.once("exit", () => opened.flushSync());
    output = opened;
  }
  return output;
}

/** Leaves out what is never written, as it stands in a line of JSON. */
function redactText(secrets: readonly string[]): (line: string) => string {
  const inUse = secrets
    .filter((secret) => secret !== "")
    .map((secret) => escaped(JSON.stringify(secret).slice(1, -1)));
  const signs = new RegExp([...inUse, ...SENSITIVE_TEXT.map(({ sign }) => sign)].join("|"));
  const texts = new RegExp([...inUse, ...SENSITIVE_TEXT.map(({ text }) => text)].join("|"), "g");
  return (line) => (signs.test(line) ? line.replaceAll(texts, REDACTED) : line);
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

function redactFields(fields: Record<string, unknown>): Record<string, unknown> {
  return isHarmless(fields) ? fields : redactObject(fields, 0);
}

/** Whether a line's fields can be written as they are, as those of most can. */
function isHarmless(fields: Record<string, unknown>): boolean {
  for (const name of Object.keys(fields)) {
    if (isSensitiveName(name) || !isPlain(fields[name])) {
      return false;
    }
  }
  return true;
}

function isPlain(value: unknown): boolean {
  return typeof value === "string" || typeof value === "number" || value === undefined;
}

function redactObject(fields: object, depth: number): Record<string, unknown> {
  const entries = Object.entries(fields).map(([name, value]) => [
    name,
    isSensitiveName(name) ? REDACTED : redactValue(value, depth + 1),
  ]);
  return Object.fromEntries(entries);
}

function redactValue(value: unknown, depth: number): unknown {
  if (value instanceof Error) {
    return describeError(value, 0);
  }
  if (typeof value === "bigint" || typeof value === "symbol") {
    return String(value);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  if (value instanceof Date) {
    return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
  }
  if (depth > MAX_DEPTH) {
    return "[too deep]";
  }
  if (Array.isArray(value)) {
    return value.map((item) => redactValue(item, depth + 1));
  }
  return isPlainObject(value) ? redactObject(value, depth) : `[${value.constructor?.name}]`;
}

function describeError(error: Error, causes: number): Record<string, unknown> {
  const code: unknown = "code" in error ? error.code : undefined;
  const cause =
    error.cause instanceof Error && causes < MAX_CAUSES
      ? describeError(error.cause, causes + 1)
      : undefined;
  return {
    name: error.name,
    message: error.message,
    ...(typeof code === "string" || typeof code === "number" ? { code } : {}),
    stack: error.stack,
    ...(cause === undefined ? {} : { cause }),
  };
}

const judgedNames = new Map<string, boolean>();

function isSensitiveName(name: string): boolean {
  const judged = judgedNames.get(name);
  if (judged !== undefined) {
    return judged;
  }
  const isSensitive = SENSITIVE_NAME.test(name.toLowerCase().replace(/[^a-z]/g, ""));
  if (judgedNames.size < MAX_JUDGED_NAMES) {
    judgedNames.set(name, isSensitive);
  }
  return isSensitive;
}

function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
