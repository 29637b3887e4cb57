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
  const open = mapSubject(() => new ForgetfulAuditStore());
  auditStoreContract("ForgetfulAuditStore", open, { describe, it });
} else {
  const open = mapSubject(() => new MapAuditStore());
  auditStoreContract("MapAuditStore", open, { describe, it });
  const records = mapSubject(() => new MapNotificationRecords());
  notificationRecordsContract("MapNotificationRecords", records, { describe, it });
}
