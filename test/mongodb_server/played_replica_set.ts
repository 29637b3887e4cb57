import { commandIn, type WireCommand, type WireDocument } from "./wire.ts";

/** The name of a set that a proxy plays. */
export const SET_NAME = "rs_test";

/** What a driver sends to replica sets only. */
const OF_SETS = ["lsid", "txnNumber", "$clusterTime", "startTransaction", "autocommit"];

/**
 * Makes a standalone server look like the primary of a replica set: it has sessions, and knows
 * writes that are repeated. Like a primary it executes a write with one number of one session once,
 * and answers a repetition with the first answer.
 */
export class PlayedReplicaSet {
  /** Whether there is a primary now. */
  hasPrimary = true;
  readonly #address: string;
  readonly #answers = new Map<string, WireDocument>();

  /** @param address `host:port` of its only member */
  constructor(address: string) {
    this.#address = address;
  }

  /** How a member greets. Other answers stay as they are. */
  greeting(answer: WireDocument): WireDocument {
    if (!("ismaster" in answer || "isWritablePrimary" in answer)) {
      return answer;
    }
    const primary = this.hasPrimary ? { primary: this.#address } : {};
    return {
      ...answer,
      ...primary,
      ismaster: this.hasPrimary,
      isWritablePrimary: this.hasPrimary,
      secondary: !this.hasPrimary,
      setName: SET_NAME,
      setVersion: 1,
      me: this.#address,
      hosts: [this.#address],
      logicalSessionTimeoutMinutes: 30,
    };
  }

  /** The first answer to a write, where this one repeats it. */
  remembered(command: WireCommand): WireDocument | undefined {
    const name = writeName(command);
    return name === undefined ? undefined : this.#answers.get(name);
  }

  /** Takes note of what a write has answered, where it took place. */
  remember(command: WireCommand, answer: WireDocument): void {
    const name = writeName(command);
    if (name !== undefined && Number(answer.ok) === 1 && !("writeErrors" in answer)) {
      this.#answers.set(name, answer);
    }
  }

  /** The command as a standalone server understands it. */
  plain(message: Buffer): WireDocument {
    const entries = Object.entries(commandIn(message)?.document ?? {});
    return Object.fromEntries(entries.filter(([field]) => !OF_SETS.includes(field)));
  }
}

function writeName({ document: { lsid, txnNumber } }: WireCommand): string | undefined {
  return txnNumber === undefined ? undefined : `${lsid.id.toString("hex")} ${txnNumber}`;
}
