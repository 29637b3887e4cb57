/**
 * Runs contract suites under `node:test`: the stores in a `Map`, or one that forgets.
 * @module
 */
import process from "node:process";
import { describe, it } from "node:test";
import { auditStoreContract, notificationRecordsContract } from "@mailingcore/billing/testing";
import { MapAuditStore, MapNotificationRecords, mapSubject } from "./map_stores.ts";

class ForgetfulAuditStore extends MapAuditStore {
  override async list() {
    return [];
  }
}

if (process.env.FORGETFUL === "1") {
  auditStoreContract(
    "Forgetful",
    mapSubject(() => new ForgetfulAuditStore()),
    { describe, it },
  );
} else {
  auditStoreContract(
    "MapAuditStore",
    mapSubject(() => new MapAuditStore()),
    { describe, it },
  );
  const open = mapSubject(() => new MapNotificationRecords());
  notificationRecordsContract("MapNotificationRecords", open, { describe, it });
}
