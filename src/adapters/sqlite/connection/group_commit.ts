import type { DatabaseSync, StatementSync } from "node:sqlite";
import { setImmediate } from "node:timers";
import type { OrPromise } from "../../../application/ports/or_promise.ts";
import { PortError } from "../../../application/ports/port_error.ts";
import { isBusy, sqliteFailure } from "../sqlite_failure.ts";
import { Company } from "./company.ts";

/** A write that waits for a transaction. */
interface Write {
  /** The purpose, phrased to follow "Cannot". */
  readonly action: string;
  /** When to give up waiting for other connections. */
  readonly deadline: number;
  work(): unknown;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** The shortest and longest pause before retrying on a busy database, in milliseconds. */
const [FIRST_PAUSE_MS, LONGEST_PAUSE_MS] = [1, 25];
/** The most writes of one transaction, a few milliseconds' worth: others wait meanwhile. */
const MOST_TOGETHER = 250;
/** More than any disk takes in time; beyond that, they only fill the memory. */
const MOST_WAITING = 20_000;

/**
 * Writes of one turn of the event loop share a transaction, because a durable commit costs far more
 * than a write. Each is answered after the commit, and none is seen before: between two turns no
 * transaction is open. A write that fails undoes only itself; a commit that fails, fails exactly
 * those that were in it. Where no company is expected, a write runs at once.
 */
export class GroupCommit {
  readonly #connection: DatabaseSync;
  readonly #busyTimeoutMs: number;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #company = new Company();
  #waiting: Write[] = [];
  #pauseMs = FIRST_PAUSE_MS;
  #isDue = false;
  #drained: PromiseWithResolvers<void> | undefined;

  /** @param options.busyTimeoutMs how long a write waits for other connections, in milliseconds */
  constructor(connection: DatabaseSync, { busyTimeoutMs }: { busyTimeoutMs: number }) {
    this.#connection = connection;
    this.#busyTimeoutMs = busyTimeoutMs;
    this.#begin = connection.prepare("BEGIN IMMEDIATE");
    this.#commit = connection.prepare("COMMIT");
  }

  /**
   * Runs work at once where no company is expected, else in the next transaction, in the order of
   * the calls. Answers its result once that is durable. The work may run again while others lock the
   * database.
   *
   * @param work writes with a single statement or within `SqliteDatabase.atomically`
   * @throws {PortError} (by rejection)
   */
  add<T>(action: string, work: () => T): OrPromise<T> {
    if (this.#waiting.length === 0 && this.#company.isUnlikely()) {
      this.#company.note();
      try {
        return work();
      } catch (error) {
        if (!isBusy(error)) {
          return Promise.reject(sqliteFailure(action, error));
        }
      }
    }
    return this.#wait(action, work);
  }

  #wait<T>(action: string, work: () => T): Promise<T> {
    if (this.#waiting.length >= MOST_WAITING) {
      const state = `${MOST_WAITING} writes wait already`;
      return Promise.reject(new PortError(`Cannot ${action}: ${state}`, { transient: true }));
    }
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const deadline = performance.now() + this.#busyTimeoutMs;
    const answer = (value: unknown) => resolve(value as T);
    this.#waiting.push({ action, deadline, work, resolve: answer, reject });
    this.#comeBack(0);
    return promise;
  }

  /** Resolves when no write is waiting. */
  async drain(): Promise<void> {
    if (this.#waiting.length > 0) {
      this.#drained ??= Promise.withResolvers();
      await this.#drained.promise;
    }
  }

  #comeBack(pauseMs: number): void {
    if (!this.#isDue) {
      this.#isDue = true;
      const turn = () => this.#turn();
      pauseMs > 0 ? setTimeout(turn, pauseMs) : setImmediate(turn);
    }
  }

  #turn(): void {
    this.#isDue = false;
    const [only, another] = this.#waiting;
    const answers =
      only !== undefined && another === undefined ? this.#alone(only) : this.#together();
    if (answers === "busy") {
      this.#pauseMs = Math.min(2 * this.#pauseMs, LONGEST_PAUSE_MS);
    } else {
      this.#pauseMs = FIRST_PAUSE_MS;
      this.#company.noteTurn(answers.length);
      this.#waiting.splice(0, answers.length);
      for (const answer of answers) {
        answer();
      }
    }
    if (this.#waiting.length > 0) {
      this.#comeBack(answers === "busy" ? Math.random() * this.#pauseMs : 0);
    } else {
      this.#drained?.resolve();
      this.#drained = undefined;
    }
  }

  /** A write that has no company needs no transaction around it. */
  #alone(write: Write): (() => void)[] | "busy" {
    try {
      const value = write.work();
      return [() => write.resolve(value)];
    } catch (error) {
      return this.#refused(error) ?? [() => write.reject(sqliteFailure(write.action, error))];
    }
  }

  #together(): (() => void)[] | "busy" {
    const group: Write[] = [];
    try {
      this.#begin.run();
      const answers = this.#run(group);
      this.#commit.run();
      return answers;
    } catch (error) {
      this.#rollBack();
      const failed = group.length > 0 ? group : [...this.#waiting];
      return (
        this.#refused(error) ??
        failed.map((write) => () => write.reject(sqliteFailure(write.action, error)))
      );
    }
  }

  /** Runs as many writes as fit into a transaction, and adds them to `group`. */
  #run(group: Write[]): (() => void)[] {
    const answers: (() => void)[] = [];
    for (const write of this.#waiting.slice(0, MOST_TOGETHER)) {
      group.push(write);
      answers.push(this.#runOne(write));
    }
    return answers;
  }

  #runOne(write: Write): () => void {
    try {
      const value = write.work();
      return () => write.resolve(value);
    } catch (error) {
      // After a full disk, for example, SQLite itself has undone everything that came before.
      if (!this.#connection.isTransaction) {
        throw error;
      }
      return () => write.reject(sqliteFailure(write.action, error));
    }
  }

  /** What to do while others lock the database; `undefined` where something else is wrong. */
  #refused(error: unknown): (() => void)[] | "busy" | undefined {
    if (!isBusy(error)) {
      return undefined;
    }
    const now = performance.now();
    const late = this.#waiting.filter(({ deadline }) => deadline <= now).length;
    // They wait in the order of their deadlines.
    return late === 0
      ? "busy"
      : this.#waiting
          .slice(0, late)
          .map((write) => () => write.reject(sqliteFailure(write.action, error)));
  }

  #rollBack(): void {
    if (this.#connection.isOpen && this.#connection.isTransaction) {
      try {
        this.#connection.exec("ROLLBACK");
      } catch {
        // Whatever comes next cannot begin a transaction, and says so.
      }
    }
  }
}
