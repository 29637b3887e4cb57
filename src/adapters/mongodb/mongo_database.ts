import type { Connection, mongo } from "mongoose";
import { PortError } from "../../application/ports/port_error.ts";
import { mongoFailure } from "./mongo_failure.ts";
import { StoredDocument } from "./stored_document.ts";

/** One pool of connections to a database, shared by the stores. */
export class MongoDatabase {
  readonly connection: Connection;
  /** How long a call may take, from its begin to its answer, in milliseconds. */
  readonly operationTimeoutMs: number;
  #closed = false;

  constructor(connection: Connection, options: { operationTimeoutMs: number }) {
    this.connection = connection;
    this.operationTimeoutMs = options.operationTimeoutMs;
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
   * goes on unheard: a write may still take place.
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
        return await Promise.race([work(), late.promise]);
      } finally {
        clearTimeout(timer);
      }
    });
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
