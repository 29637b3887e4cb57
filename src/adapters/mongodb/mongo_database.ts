import type { Connection, mongo } from "mongoose";
import { PortError } from "../../application/ports/port_error.ts";
import { mongoFailure } from "./mongo_failure.ts";
import { StoredDocument } from "./stored_document.ts";

/** More calls under way than any database answers in time; further ones only fill the memory. */
const MOST_CALLS = 5_000;

/** One pool of connections to a database, shared by the stores. */
export class MongoDatabase {
  readonly connection: Connection;
  /** How long a call may take, from its begin to its answer, in milliseconds. */
  readonly operationTimeoutMs: number;
  readonly #mostCalls: number;
  /** Calls that have not ended, those that nobody waits for any more among them. */
  #calls = 0;
  #closed = false;

  constructor(
    connection: Connection,
    options: { readonly operationTimeoutMs: number; readonly mostCalls?: number },
  ) {
    this.connection = connection;
    this.operationTimeoutMs = options.operationTimeoutMs;
    this.#mostCalls = options.mostCalls ?? MOST_CALLS;
  }

  /** The driver's view of the database. */
  get driver(): mongo.Db {
    const { db } = this.connection;
    if (db === undefined) {
      throw new PortError("Cannot use the database: it is not connected", { transient: true });
    }
    return db;
  }

  /** A collection past mongoose, for writes of whole documents: nothing is cast or added. */
  collection<T extends mongo.Document>(name: string): mongo.Collection<T> {
    return this.driver.collection<T>(name);
  }

  /** Tells the server to give up when nobody listens any more. */
  get serverLimit(): { readonly maxTimeMS: number } {
    return { maxTimeMS: this.operationTimeoutMs };
  }

  /**
   * Does some work and answers its result, within the time limit for calls. Work that is too late
   * goes on unheard: a write may still take place. Where too many calls are under way, further ones
   * are refused at once.
   *
   * @param action what the work is for, as in `save the account`
   * @throws {PortError} (by rejection) when it fails, is too late, or the database was closed
   */
  attempt<T>(action: string, work: () => Promise<T>): Promise<T> {
    return this.attemptUnlimited(action, async () => {
      const late = Promise.withResolvers<never>();
      const timer = setTimeout(() => {
        const state = `no answer within ${this.operationTimeoutMs} ms`;
        late.reject(new PortError(`Cannot ${action}: ${state}`, { transient: true }));
      }, this.operationTimeoutMs);
      try {
        return await Promise.race([this.#counted(action, work), late.promise]);
      } finally {
        clearTimeout(timer);
      }
    });
  }

  async #counted<T>(action: string, work: () => Promise<T>): Promise<T> {
    if (this.#calls >= this.#mostCalls) {
      const state = `${this.#calls} calls are under way already`;
      throw new PortError(`Cannot ${action}: ${state}`, { transient: true });
    }
    this.#calls += 1;
    try {
      return await work();
    } finally {
      this.#calls -= 1;
    }
  }

  /**
   * Does some work that may take long and answers its result.
   *
   * @param action what the work is for, as in `create the indexes`
   * @throws {PortError} (by rejection) when it fails, or the database was closed
   */
  async attemptUnlimited<T>(action: string, work: () => Promise<T>): Promise<T> {
    if (this.#closed) {
      throw new PortError(`Cannot ${action}: the store is closed`, { transient: false });
    }
    try {
      return await work();
    } catch (error) {
      throw mongoFailure(action, error);
    }
  }

  /** The time of the server that takes the writes. Throws `PortError`. */
  now(): Promise<Date> {
    return this.attempt("read the database's time", async () => {
      // The driver itself greets servers with it: every kind of server knows it.
      const answer = await this.driver.command({ isMaster: 1 }, { readPreference: "primary" });
      return new StoredDocument(answer, "the answer to isMaster").instant("localTime");
    });
  }

  /** Closes all connections; nothing happens when they already are. */
  async close(): Promise<void> {
    if (!this.#closed) {
      const closing = this.attempt("close the store", () => this.connection.close());
      this.#closed = true;
      await closing;
    }
  }
}
