import { expect } from "chai";
import { mongo } from "mongoose";
import {
  ID_INDEX,
  isDuplicateKey,
  violatedIndex,
} from "../../../src/adapters/mongodb/duplicate_key.ts";
import {
  FORMER_CUSTOMER_INDEX,
  KEY_INDEX,
  SEQ_INDEX,
} from "../../../src/adapters/mongodb/indexes/mongo_indexes.ts";
import { mongoFailure } from "../../../src/adapters/mongodb/mongo_failure.ts";
import { PortError } from "../../../src/application/ports/port_error.ts";

function serverError(fields: Record<string, unknown>): mongo.MongoServerError {
  return new mongo.MongoServerError({ message: "it failed", ...fields });
}

describe("mongoFailure", () => {
  it("P08 is transient for server errors that can pass by themselves", () => {
    const passing = {
      HostUnreachable: 6,
      NetworkTimeout: 89,
      MaxTimeMSExpired: 50,
      WriteConcernTimeout: 64,
      ShutdownInProgress: 91,
      QueryPlanKilled: 175,
      PrimarySteppedDown: 189,
      TransactionTooOld: 225,
      CursorKilled: 237,
      ExceededTimeLimit: 262,
      NotWritablePrimary: 10_107,
      InterruptedAtShutdown: 11_600,
      InterruptedDueToReplStateChange: 11_602,
      NotPrimaryNoSecondaryOk: 13_435,
      NotPrimaryOrSecondary: 13_436,
      OutOfDiskSpace: 14_031,
    };
    for (const [name, code] of Object.entries(passing)) {
      expect(mongoFailure("save", serverError({ code })).transient, name).to.equal(true);
    }
  });

  it("P08 is transient for lost connections and for labels that say so", () => {
    expect(mongoFailure("save", new mongo.MongoNetworkError("closed")).transient).to.equal(true);
    const busy = serverError({ code: 1, errorLabels: ["RetryableWriteError"] });
    expect(mongoFailure("save", busy).transient).to.equal(true);
    const queue = new mongo.MongoError("too long in the queue");
    Object.defineProperty(queue, "name", { value: "MongoWaitQueueTimeoutError" });
    expect(mongoFailure("save", queue).transient).to.equal(true);
  });

  it("P08 is transient for whatever keeps other members from confirming a write", () => {
    for (const code of [64, 79, 91, 100, 189]) {
      const error = new mongo.MongoWriteConcernError({
        ok: 1,
        writeConcernError: { code, errmsg: "" },
      });
      expect(mongoFailure("save", error).transient, String(code)).to.equal(true);
    }
  });

  it("is not transient for anything else", () => {
    const lasting = {
      BadValue: 2,
      Unauthorized: 13,
      AuthenticationFailed: 18,
      NamespaceNotFound: 26,
      DocumentValidationFailure: 121,
      DuplicateKey: 11_000,
    };
    for (const [name, code] of Object.entries(lasting)) {
      expect(mongoFailure("save", serverError({ code })).transient, name).to.equal(false);
    }
    expect(mongoFailure("save", new TypeError("no")).transient).to.equal(false);
    expect(mongoFailure("save", "text").message).to.equal("Cannot save: text");
  });

  it("says the action, then the state without passwords, and keeps the cause", () => {
    const cause = serverError({ message: "no way to mongodb://app:s3cret@db.example/billing" });
    const failure = mongoFailure("save the account", cause);
    expect(failure.message).to.equal(
      "Cannot save the account: no way to mongodb://***@db.example/billing",
    );
    expect(failure.cause).to.equal(cause);
    const port = new PortError("done", { transient: true });
    expect(mongoFailure("save", port)).to.equal(port);
  });
});

describe("violatedIndex", () => {
  const indexes = [ID_INDEX, FORMER_CUSTOMER_INDEX, SEQ_INDEX, KEY_INDEX];
  const misleading = `index: ${SEQ_INDEX.name} dup key: { key: " index: _id_ dup key" }`;

  it("P23 goes by the fields that the server reports, whatever the message says", () => {
    for (const index of indexes) {
      const error = serverError({ code: 11_000, keyPattern: index.key, message: misleading });
      expect(violatedIndex(error, indexes)).to.equal(index);
    }
    const other = serverError({ code: 11_000, keyPattern: { seq: 1, tenantId: 1 } });
    expect(violatedIndex(other, indexes)).to.equal(undefined);
  });

  it("P23 goes by the first index that the message names, where no fields are reported", () => {
    for (const index of indexes) {
      const value = `{ key: " index: _id_ dup key: " }`;
      const message = `E11000 duplicate key error index: ${index.name} dup key: ${value}`;
      expect(violatedIndex(serverError({ code: 11_000, message }), indexes)).to.equal(index);
    }
    const old = `E11000 duplicate key error index: a.b.$${KEY_INDEX.name} dup key: { : "x" }`;
    expect(violatedIndex(serverError({ code: 11_000, message: old }), indexes)).to.equal(KEY_INDEX);
  });

  it("answers undefined where the index is not named, or is not asked for", () => {
    const unnamed = "E11000 duplicate key error collection: a.b";
    for (const message of [unnamed, `${unnamed} index: other_1 dup key: {}`]) {
      const error = serverError({ code: 11_000, message });
      expect(isDuplicateKey(error), message).to.equal(true);
      expect(violatedIndex(error, indexes), message).to.equal(undefined);
    }
    expect(violatedIndex(serverError({ code: 1, keyPattern: { _id: 1 } }), indexes)).to.equal(
      undefined,
    );
    expect(violatedIndex(new Error("E11000 index: _id_ dup key"), indexes)).to.equal(undefined);
  });
});
