import { DatabaseSync } from "node:sqlite";
import { expect } from "chai";
import fc from "fast-check";
import { SqliteDatabase } from "../../../src/adapters/sqlite/sqlite_database.ts";
import { violatedIndex } from "../../../src/adapters/sqlite/sqlite_failure.ts";
import type { OrPromise } from "../../../src/application/ports/or_promise.ts";
import { PortError } from "../../../src/application/ports/port_error.ts";
import { useBilling } from "../../rig/billing_fixture.ts";
import { countSqlite } from "../../rig/counted_sqlite.ts";
import { temporaryFolder, useTemporaryFolder } from "../../rig/temporary_folder.ts";
import { turnsDuring } from "../../rig/turns_during.ts";
import { consume } from "../../samples/quota.ts";

/** A database of two tables, one of which makes a commit fail, and somebody else who reads it. */
class Subject {
  readonly #connection: DatabaseSync;
  readonly #other: DatabaseSync;
  readonly database: SqliteDatabase;
  readonly #insert;
  readonly #orphan;
  readonly #keys;

  constructor(file: string, { pages = 1_000, busyTimeoutMs = 2_000 } = {}) {
    this.#connection = new DatabaseSync(file, { timeout: 0 });
    this.#connection.exec(`PRAGMA journal_mode = wal; PRAGMA foreign_keys = ON;
      PRAGMA max_page_count = ${pages};
      CREATE TABLE things (key TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
      CREATE TABLE orphans (key TEXT PRIMARY KEY REFERENCES things DEFERRABLE INITIALLY DEFERRED)
        STRICT, WITHOUT ROWID;`);
    this.#other = new DatabaseSync(file, { timeout: 0 });
    this.database = new SqliteDatabase(this.#connection, { busyTimeoutMs });
    this.#insert = this.database.prepare("INSERT INTO things (key, body) VALUES (:key, :body)");
    this.#orphan = this.database.prepare("INSERT INTO orphans (key) VALUES (:key)");
    this.#keys = this.database.prepare<{ key: string }>(
      "SELECT key FROM things WHERE key > :after",
    );
  }

  /** Answers whether the key was free. */
  insert(key: string, body = ""): Promise<boolean> {
    return this.database.write("insert", () => {
      try {
        return this.#insert.write({ key, body }) === 1;
      } catch (error) {
        if (violatedIndex(error) === "things.key") {
          return false;
        }
        throw error;
      }
    });
  }

  insertAtOnce(key: string): OrPromise<boolean> {
    return this.database.writeAtOnce("insert", () => this.#insert.write({ key, body: "" }) === 1);
  }

  /** Writes, and throws before it is done. */
  breakOff(key: string): Promise<boolean> {
    return this.database.write("break off", () =>
      this.database.atomically(() => {
        this.#insert.write({ key, body: "" });
        throw new TypeError("Cannot go on");
      }),
    );
  }

  /** Writes what makes the commit fail. */
  poison(key: string): Promise<boolean> {
    return this.database.write("poison", () => this.#orphan.write({ key }) === 1);
  }

  /** The keys that this connection sees. */
  seen(): Promise<string[]> {
    return this.database.read("read", () => this.#keys.all({ after: "" }).map(({ key }) => key));
  }

  /** The keys that somebody else sees. */
  stored(): string[] {
    return this.#other
      .prepare("SELECT key FROM things")
      .all()
      .map(({ key }) => String(key));
  }

  lock(): void {
    this.#other.exec("BEGIN IMMEDIATE");
  }

  unlock(): void {
    this.#other.exec("ROLLBACK");
  }

  async close(): Promise<void> {
    await this.database.close();
    this.#other.close();
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
const failure = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe("GroupCommit", () => {
  const folder = useTemporaryFolder();

  it("P31 sends of one turn cost one commit together", async () => {
    const file = folder("one.db");
    const subject = new Subject(file);
    const keys = Array.from({ length: 20 }, (_, index) => `key-${index}`);
    const counted = await countSqlite(() => Promise.all(keys.map((key) => subject.insert(key))));
    expect([counted.statements.length, counted.commits]).to.deep.equal([keys.length + 2, 1]);
    expect(subject.stored()).to.have.members(keys);
    await subject.close();
  });

  it("P03 a write without company is answered at once, when it is durable", async () => {
    const subject = new Subject(folder("one.db"));
    await subject.insert("first");
    const answers = ["one", "two"].map((key) => subject.insertAtOnce(key));
    expect(answers[0]).to.equal(true);
    expect(answers[1]).to.be.instanceOf(Promise);
    expect(subject.stored()).to.have.members(["first", "one"]);
    expect(await answers[1]).to.equal(true);
    const broken = subject.database.writeAtOnce("break off", () => {
      throw new TypeError("Cannot go on");
    });
    expect(await failure(Promise.resolve(broken))).to.be.instanceOf(PortError);
    await subject.close();
    expect(await failure(Promise.resolve(subject.insertAtOnce("late")))).to.be.instanceOf(
      PortError,
    );
  });

  it("P03 nobody sees a write before it is answered, and everybody does afterwards", async () => {
    const subject = new Subject(folder("one.db"));
    const writes = Promise.all([subject.insert("one"), subject.insert("two")]);
    expect([await subject.seen(), subject.stored()]).to.deep.equal([[], []]);
    await writes;
    expect([await subject.seen(), subject.stored()]).to.deep.equal([
      ["one", "two"],
      ["one", "two"],
    ]);
    await subject.close();
  });

  it("P03 a commit that fails, fails those that were in it, and no others", async () => {
    const subject = new Subject(folder("one.db"));
    await Promise.all([subject.insert("before"), subject.insert("beside")]);
    const errors = await Promise.all([
      failure(subject.insert("one")),
      failure(subject.poison("nobody")),
      failure(subject.insert("two")),
    ]);
    for (const error of errors) {
      expect(error).to.be.instanceOf(PortError);
    }
    expect(await subject.insert("after")).to.equal(true);
    expect(subject.stored()).to.have.members(["before", "beside", "after"]);
    await subject.close();
  });

  it("P03 a write that fails undoes itself alone", async () => {
    const subject = new Subject(folder("one.db"));
    const [one, broken, again, two] = await Promise.all([
      subject.insert("one"),
      failure(subject.breakOff("broken")),
      subject.insert("one"),
      subject.insert("two"),
    ]);
    expect([one, again, two]).to.deep.equal([true, false, true]);
    expect(broken).to.be.instanceOf(PortError);
    expect(subject.stored()).to.have.members(["one", "two"]);
    await subject.close();
  });

  it("P31 a write that follows lone ones runs at once, a few to a turn", async () => {
    const subject = new Subject(folder("one.db"));
    await subject.insert("first");
    const alone = subject.insert("alone");
    expect(subject.stored()).to.have.members(["first", "alone"]);
    expect(await alone).to.equal(true);
    const inLoop = async () => {
      for (let number = 0; number < 24; number += 1) {
        await subject.insert(`key-${number}`);
      }
    };
    await turn();
    expect(await turnsDuring(inLoop)).to.be.within(2, 4);
    expect(subject.stored()).to.have.length(26);
    await subject.close();
  });

  it("P31 one write of a turn with company runs at once at most, then all wait for it", async () => {
    const subject = new Subject(folder("one.db"));
    await subject.insert("first");
    const round = async (name: string) => {
      const keys = Array.from({ length: 20 }, (_, index) => `${name}-${index}`);
      return await countSqlite(() => Promise.all(keys.map((key) => subject.insert(key))));
    };
    expect((await round("one")).commits).to.equal(2);
    expect((await round("two")).commits).to.equal(1);
    await subject.close();
  });

  it("P31 writes of callers that do not know of one another share a transaction", async () => {
    const subject = new Subject(folder("one.db"));
    await subject.insert("first");
    const callers = async (name: string) => {
      const keys = Array.from({ length: 20 }, (_, index) => `${name}-${index}`);
      const calls = keys.map((key) => turn().then(() => subject.insert(key)));
      return await countSqlite(() => Promise.all(calls));
    };
    expect((await callers("one")).commits).to.equal(2);
    expect((await callers("two")).commits).to.equal(1);
    await subject.close();
  });

  it("P03 a lone write that fails undoes itself, and the next one runs", async () => {
    const subject = new Subject(folder("one.db"));
    await subject.insert("first");
    const broken = failure(subject.breakOff("broken"));
    expect(subject.stored()).to.deep.equal(["first"]);
    expect(await broken).to.be.instanceOf(PortError);
    expect(await failure(subject.poison("nobody"))).to.be.instanceOf(PortError);
    expect(await subject.insert("after")).to.equal(true);
    expect(subject.stored()).to.have.members(["first", "after"]);
    await subject.close();
  });

  it("P34 a lone write waits for another process, before those that come later", async () => {
    const subject = new Subject(folder("one.db"));
    await subject.insert("first");
    subject.lock();
    const order: string[] = [];
    const patient = ["one", "two", "three"].map((key) =>
      subject.insert(key).then(() => order.push(key)),
    );
    await turn();
    expect(subject.stored()).to.deep.equal(["first"]);
    subject.unlock();
    await Promise.all(patient);
    expect(order).to.deep.equal(["one", "two", "three"]);
    await subject.close();
  });

  it("P34 a write waits for another process, and gives up in time", async () => {
    const subject = new Subject(folder("one.db"), { busyTimeoutMs: 150 });
    subject.lock();
    const patient = [subject.insert("one"), subject.insert("two")];
    await turn();
    subject.unlock();
    expect(await Promise.all(patient)).to.deep.equal([true, true]);
    subject.lock();
    const errors = await Promise.all(["three", "four"].map((key) => failure(subject.insert(key))));
    for (const error of errors) {
      expect(error).to.be.instanceOf(PortError).with.property("transient", true);
    }
    subject.unlock();
    expect(await subject.insert("five")).to.equal(true);
    expect(subject.stored()).to.have.members(["one", "two", "five"]);
    await subject.close();
  });

  it("P34 closing finishes what waits, and refuses what comes later", async () => {
    const file = folder("one.db");
    const subject = new Subject(file);
    const writes = ["one", "two", "three"].map((key) => subject.insert(key));
    const closed = subject.close();
    expect(await failure(subject.insert("late"))).to.be.instanceOf(PortError);
    await closed;
    expect(await Promise.all(writes)).to.deep.equal([true, true, true]);
    const reopened = new DatabaseSync(file);
    expect(reopened.prepare("SELECT count(*) AS count FROM things").get()?.count).to.equal(3);
    reopened.close();
  });

  it("P03 what was answered is what is stored, whatever fails", async () => {
    const write = fc.record({
      key: fc.integer({ min: 1, max: 30 }).map((number) => `key-${number}`),
      what: fc.oneof(
        { weight: 12, arbitrary: fc.constant("insert" as const) },
        fc.constantFrom("large", "break off", "poison", "lock", "unlock", "turn"),
      ),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(write, { minLength: 5, maxLength: 80 }), async (writes) => {
        const { path, remove } = temporaryFolder();
        const subject = new Subject(`${path}/one.db`, { pages: 14, busyTimeoutMs: 40 });
        const answered = new Set<string>();
        const pending = new Set<string>();
        const running: Promise<unknown>[] = [];
        let isLocked = false;
        const answer = (key: string, work: Promise<boolean>) => {
          pending.add(key);
          const done = work.then(
            (isNew) => {
              expect(subject.stored()).to.include(key);
              expect(isNew && answered.has(key), `${key} was new twice`).to.equal(false);
              answered.add(key);
            },
            (error: unknown) => expect(error).to.be.instanceOf(PortError),
          );
          running.push(done);
        };
        for (const { key, what } of writes) {
          const seen = await subject.seen();
          expect(seen).to.include.members([...answered]);
          expect([...answered, ...pending]).to.include.members(seen);
          if (what === "insert") {
            answer(key, subject.insert(key));
          } else if (what === "large") {
            answer(key, subject.insert(key, "x".repeat(9_000)));
          } else if (what === "break off") {
            running.push(failure(subject.breakOff(`broken-${key}`)));
          } else if (what === "poison") {
            running.push(failure(subject.poison(`nobody-${key}`)));
          } else if (what === "turn") {
            await turn();
          } else if (isLocked !== (what === "lock")) {
            isLocked = what === "lock";
            isLocked ? await lockSoon(subject) : subject.unlock();
          }
        }
        if (isLocked) {
          subject.unlock();
        }
        await Promise.all(running);
        expect(subject.stored()).to.have.members([...answered]);
        await subject.close();
        remove();
      }),
      { numRuns: 60 },
    );
  });
});

/** Locks the database once nobody else does. */
async function lockSoon(subject: Subject): Promise<void> {
  for (;;) {
    try {
      subject.lock();
      return;
    } catch {
      await turn();
    }
  }
}

describe("group commit of a store", () => {
  const fixture = useBilling();

  it("P31 refused sends beside others keep no one from counting", async () => {
    await consume(fixture.billing);
    const outcomes = await Promise.all(
      Array.from({ length: 1_200 }, () => consume(fixture.billing)),
    );
    expect(outcomes.filter(({ type }) => type === "counted")).to.have.length(1_099);
  });
});
