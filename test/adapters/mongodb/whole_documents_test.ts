import { expect } from "chai";
import mongoose from "mongoose";
import { describeOnMongodb } from "../../mongodb_server/describe_on_mongodb.ts";

/** Long enough that an answer takes a while to be written. */
const FIELDS = Array.from({ length: 2_000 }, (_, index) => `field ${index}`);
const [READERS, READS, WRITERS] = [6, 40, 3];

// The stores read a document and change it only where its version is still the one they read.
await describeOnMongodb("A document that is read while it changes", ({ url }) => {
  it("comes whole: as it was before a change, or after it", async () => {
    const clients = Array.from(
      { length: READERS + WRITERS },
      () => new mongoose.mongo.MongoClient(url),
    );
    const collections = clients.map((client) =>
      client.db().collection<{ _id: string; first: number; last: number }>("whole"),
    );
    const [readers, writers] = [collections.slice(0, READERS), collections.slice(READERS)];
    const one = { _id: "one" };
    await readers[0]?.insertOne({ ...one, first: 0, fields: FIELDS, last: 0 } as never);
    let change = 0;
    let reading = true;
    const writing = writers.map(async (collection) => {
      while (reading) {
        change += 1;
        await collection.updateOne(one, { $set: { first: change, last: change } });
      }
    });
    const torn = await Promise.all(
      readers.map(async (collection) => {
        let halves = 0;
        for (let read = 0; read < READS; read += 1) {
          const found = await collection.findOne(one);
          halves += found?.first === found?.last ? 0 : 1;
        }
        return halves;
      }),
    );
    reading = false;
    await Promise.all(writing);
    await Promise.all(clients.map((client) => client.close()));
    expect(torn).to.deep.equal(readers.map(() => 0));
    expect(change).to.be.greaterThan(WRITERS);
  });
});
