import type { EmailLeaseStore } from "../../application/ports/email_lease_store.ts";
import type { EmailUsageStore } from "../../application/ports/email_usage_store.ts";
import { PortError } from "../../application/ports/port_error.ts";
import type { MongoDatabase } from "./mongo_database.ts";

/** Counts e-mails in MongoDB. */
export class MongoEmailUsageStore implements EmailUsageStore, EmailLeaseStore {
  readonly #database: MongoDatabase;

  constructor(database: MongoDatabase) {
    this.#database = database;
  }

  readonly find = () => this.#none();
  readonly consume = () => this.#none();
  readonly consumeOnce = () => this.#none();
  readonly giveBack = () => this.#none();
  readonly release = () => this.#none();
  readonly add = () => this.#none();
  readonly refresh = () => this.#none();
  readonly reserve = () => this.#none();
  readonly extend = () => this.#none();
  readonly end = () => this.#none();
  readonly reclaim = () => this.#none();

  #none(): Promise<never> {
    return this.#database.attempt("count e-mails", async () => {
      throw new PortError("Cannot count e-mails: MongoDB is not served yet", { transient: false });
    });
  }
}
