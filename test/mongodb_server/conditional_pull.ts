import { expect } from "chai";
import mongoose from "mongoose";
import { describeOnMongodb, type MongoTestDatabase } from "./describe_on_mongodb.ts";

/**
 * Declares a suite that needs `$pull` with a condition, on which the notes of e-mails rest. On
 * FerretDB, where that removes nothing, one test shows just this in place of the suite; it fails
 * once FerretDB can, so that the exception cannot outlive its reason.
 */
export async function describeWithConditionalPull(
  title: string,
  declare: (database: MongoTestDatabase) => void,
): Promise<void> {
  await describeOnMongodb(title, (database) => {
    if (database.server !== "FerretDB") {
      declare(database);
      return;
    }
    it("cannot run on FerretDB: $pull with a condition removes nothing", async () => {
      const connection = await mongoose.createConnection(database.url).asPromise();
      try {
        const notes = connection.collection<{ notes: { token: string }[] }>("notes");
        await notes.insertOne({ notes: [{ token: "a" }, { token: "b" }] });
        await notes.updateOne({}, { $pull: { notes: { token: "a" } } });
        expect((await notes.findOne())?.notes).to.have.length(2);
      } finally {
        await connection.close();
      }
    });
  });
}
