import type { Fate } from "../../mongodb_server/mongo_proxy.ts";
import { DEPOSED } from "../../mongodb_server/wire_weather.ts";

/** What a caller of the store sees. */
export type Seen =
  /** Nothing: the driver has repeated the call. */
  | "nothing"
  /** A `PortError` that may pass by itself. */
  | "transient"
  /** A `PortError` that repeating does not help. */
  | "lasting";

/** Something that a replica set, or the way to it, does to a call. */
export interface Disturbance {
  readonly fate: Fate;
  /** What is seen where the driver repeats calls. */
  readonly seen: Seen;
  /** How many commands in a row it befalls. Default: one. */
  readonly times?: number;
}

const LABEL = { errorLabels: ["RetryableWriteError"] };

function refused(error: object): Fate {
  return { do: "answer", answer: { ok: 0, errmsg: "it was refused", ...error } };
}

function interrupted(error: object): Fate {
  return { do: "change", change: () => ({ ok: 0, errmsg: "it was interrupted", ...error }) };
}

/** The write took place on the primary; how many others have it is not known. */
function unconfirmed(error: object, labels: object = {}): Fate {
  const writeConcernError = { errmsg: "it waited for others in vain", ...error };
  return { do: "change", change: (answer) => ({ ...answer, writeConcernError, ...labels }) };
}

/** Whether what a disturbance befalls takes place all the same. */
export function takesPlace({ fate }: Disturbance): boolean {
  return fate.do === "change" || fate.do === "cut_after";
}

/** Errors of a member that is not the primary, or not for long, and of lost hosts. */
const STATE_CHANGES = {
  HostUnreachable: 6,
  NetworkTimeout: 89,
  ShutdownInProgress: 91,
  PrimarySteppedDown: 189,
  ExceededTimeLimit: 262,
  SocketException: 9_001,
  NotWritablePrimary: 10_107,
  InterruptedAtShutdown: 11_600,
  InterruptedDueToReplStateChange: 11_602,
  NotPrimaryNoSecondaryOk: 13_435,
  NotPrimaryOrSecondary: 13_436,
};

const TWICE = { do: "answer", answer: { ok: 0, ...DEPOSED.before, ...LABEL } } as const;

/** What can befall a write. */
export const OF_WRITES: Readonly<Record<string, Disturbance>> = {
  ...each(STATE_CHANGES, (name, code) => ({
    [`${name} before the write`]: {
      fate: refused({ code, codeName: name, ...LABEL }),
      seen: "nothing",
    },
    [`${name} after the write`]: {
      fate: interrupted({ code, codeName: name, ...LABEL }),
      seen: "nothing",
    },
  })),
  "two failovers in a row": { fate: TWICE, times: 2, seen: "transient" },
  "the connection ends before the write": { fate: { do: "cut_before" }, seen: "nothing" },
  "the connection ends after the write": { fate: { do: "cut_after" }, seen: "nothing" },
  "two connections end in a row": { fate: { do: "cut_before" }, times: 2, seen: "transient" },
  "the primary shuts down before others have the write": {
    fate: unconfirmed({ code: 91, codeName: "ShutdownInProgress" }, LABEL),
    seen: "nothing",
  },
  "the primary steps down before others have the write": {
    fate: unconfirmed({ code: 189, codeName: "PrimarySteppedDown" }, LABEL),
    seen: "nothing",
  },
  "WriteConcernTimeout (64)": {
    fate: unconfirmed({ code: 64, codeName: "WriteConcernTimeout", errInfo: { wtimeout: true } }),
    seen: "transient",
  },
  "UnsatisfiableWriteConcern (100)": {
    fate: unconfirmed({ code: 100, codeName: "UnsatisfiableWriteConcern" }),
    seen: "transient",
  },
  "an unknown error of the write concern": {
    fate: unconfirmed({ code: 79, codeName: "UnknownReplWriteConcern" }),
    seen: "transient",
  },
  "TransactionTooOld (225)": {
    fate: refused({ code: 225, codeName: "TransactionTooOld" }),
    seen: "transient",
  },
  "MaxTimeMSExpired (50)": {
    fate: refused({ code: 50, codeName: "MaxTimeMSExpired" }),
    seen: "transient",
  },
  "WriteConflict (112)": {
    fate: refused({ code: 112, codeName: "WriteConflict" }),
    seen: "transient",
  },
  "an overloaded server (462)": {
    fate: refused({
      code: 462,
      codeName: "IngressRequestRateLimitExceeded",
      errorLabels: ["SystemOverloadedError", "RetryableError"],
      baseBackoffMS: 1,
    }),
    seen: "nothing",
  },
  "a user without rights (13)": {
    fate: refused({ code: 13, codeName: "Unauthorized" }),
    seen: "lasting",
  },
  "a document that the server does not take (121)": {
    fate: refused({ code: 121, codeName: "DocumentValidationFailure" }),
    seen: "lasting",
  },
};

/** What can befall a read; drivers repeat reads on every kind of deployment. */
export const OF_READS: Readonly<Record<string, Disturbance>> = {
  ...each({ ...STATE_CHANGES, ReadConcernMajorityNotAvailableYet: 134 }, (name, code) => ({
    [name]: { fate: refused({ code, codeName: name }), seen: "nothing" },
  })),
  "two failovers in a row": { fate: TWICE, times: 2, seen: "transient" },
  "the connection ends before the read": { fate: { do: "cut_before" }, seen: "nothing" },
  "the connection ends after the read": { fate: { do: "cut_after" }, seen: "nothing" },
  "MaxTimeMSExpired (50)": {
    fate: refused({ code: 50, codeName: "MaxTimeMSExpired" }),
    seen: "transient",
  },
  "a user without rights (13)": {
    fate: refused({ code: 13, codeName: "Unauthorized" }),
    seen: "lasting",
  },
};

/** What can befall the second part of a long list, which nobody repeats: its cursor is gone. */
export const OF_CURSORS: Readonly<Record<string, Disturbance>> = {
  "CursorNotFound (43)": {
    fate: refused({ code: 43, codeName: "CursorNotFound" }),
    seen: "transient",
  },
  "CursorKilled (237)": {
    fate: refused({ code: 237, codeName: "CursorKilled" }),
    seen: "transient",
  },
  "QueryPlanKilled (175)": {
    fate: refused({ code: 175, codeName: "QueryPlanKilled" }),
    seen: "transient",
  },
  NotWritablePrimary: { fate: refused(DEPOSED.before), seen: "transient" },
  "the connection ends": { fate: { do: "cut_before" }, seen: "transient" },
};

function each(
  codes: Readonly<Record<string, number>>,
  make: (name: string, code: number) => Readonly<Record<string, Disturbance>>,
): Readonly<Record<string, Disturbance>> {
  return Object.assign({}, ...Object.entries(codes).map(([name, code]) => make(name, code)));
}
