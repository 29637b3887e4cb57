import type { Connection, mongo } from "mongoose";
import { PortError } from "../../application/ports/port_error.ts";
import { mongoFailure } from "./mongo_failure.ts";
import { StoredDocument } from "./stored_document.ts";

/**
 * More concurrent calls than any database answers in time; beyond that, they only fill the memory.
 */
const MOST_CALLS = 5_000;

/** A connection pool to a database, shared by the stores. */
export class MongoDatabase {
  readonly connection: Connection;
  /** Time limit of a call from start to answer, in milliseconds. */
  readonly operationTimeoutMs: number;
  readonly #mostCalls: number;
  /** Calls still running, including abandoned ones. */
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

  /** The driver's database object. */
  get driver(): mongo.Db {
    const { db } = this.connection;
    if (db === undefined) {
      throw new PortError("Cannot use the database: it is not connected", { transient: true });
    }
    return db;
  }

  /** A collection without mongoose, for writes of whole documents: nothing is cast or added. */
  collection<T extends mongo.Document>(name: string): mongo.Collection<T> {
    return this.driver.collection<T>(name);
  }

  /** The option that makes the server give up when nobody waits any more. */
  get serverLimit(): { readonly maxTimeMS: number } {
    return { maxTimeMS: this.operationTimeoutMs };
  }

  /**
   * Runs work within the time limit for calls and returns its result. Work that takes too long is
   * abandoned but continues: a write may still happen. Refuses further calls at once while too many
   * are running.
   *
   * @param action the purpose, phrased to follow "Cannot", as in `save the account`
   * @throws {PortError} (by rejection) if the work fails or takes too long, or the database is
   *   closed
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
   * Runs work without a time limit and returns its result.
   *
   * @param action the purpose, phrased to follow "Cannot", as in `create the indexes`
   * @throws {PortError} (by rejection) if the work fails or the database is closed
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

  /** Returns the time of the primary server. Throws `PortError`. */
  now(): Promise<Date> {
    return this.attempt("read the database's time", async () => {
      // Every kind of server knows this command, because the driver greets servers with it.
      const answer = await this.driver.command({ isMaster: 1 }, { readPreference: "primary" });
      return new StoredDocument(answer, "the answer to isMaster").instant("localTime");
    });
  }

  /** Closes all connections; does nothing if they are closed. */
  async close(): Promise<void> {
    if (!this.#closed) {
      const closing = this.attempt("close the store", () => this.connection.close());
      this.#closed = true;
      await closing;
    }
  }
}
