import { randomBytes } from "node:crypto";
import { expect } from "chai";
import mongoose from "mongoose";
import { findMongodbServer, type MongoServer, withDatabase } from "./find_mongodb_server.ts";

/** A database of its own on the server for tests. */
export interface MongoTestDatabase {
  readonly server: MongoServer["kind"];
  /** Name of the database; contains `test`. */
  readonly name: string;
  /** The database's URL. */
  readonly url: string;
}

/**
 * Declares a suite that has a database of its own, dropped at the end. Where no server can be had
 * the suite says so in place of its tests; with `REQUIRE_MONGODB=1` that is a failure. To be
 * awaited at the top level of a test file.
 */
export async function describeOnMongodb(
  title: string,
  declare: (database: MongoTestDatabase) => void,
): Promise<void> {
  const server = await findMongodbServer();
  if ("reasons" in server) {
    const reasons = server.reasons.join("; ");
    process.stderr.write(`\n*** ${title}: DID NOT RUN, no MongoDB server: ${reasons}\n\n`);
    describe(title, () => {
      it("DID NOT RUN, which is allowed where REQUIRE_MONGODB is not set", () => {
        expect(process.env.REQUIRE_MONGODB, reasons).to.not.equal("1");
      });
    });
    return;
  }
  const name = `billing_test_${randomBytes(6).toString("hex")}`;
  const url = withDatabase(server.url, name);
  describe(`${title} (on ${server.kind})`, () => {
    after(() => dropDatabase(url));

    declare({ server: server.kind, name, url });
  });
}

/** Removes a database with all that is in it. */
export async function dropDatabase(url: string): Promise<void> {
  const connection = await mongoose.createConnection(url).asPromise();
  await connection.dropDatabase();
  await connection.close();
}
