import type {
  NotificationRecord,
  NotificationRecordKind,
  NotificationRecords,
} from "../../../application/ports/notifications/notification_records.ts";
import { COLLECTIONS } from "../collections.ts";
import type { MongoDatabase } from "../mongo_database.ts";
import { StoredDocument } from "../stored_document.ts";
import { exactText, storedValue } from "../stored_value.ts";
import { saveVersion, type VersionedDocument } from "../versions/save_version.ts";

/** A record as stored. */
export interface RecordDocument extends VersionedDocument {
  /** The kind, a colon and the id. */
  readonly _id: string;
  readonly content: string;
}

/** Keeps the small records of notifications in MongoDB, one document each. */
export class MongoNotificationRecords implements NotificationRecords {
  readonly #database: MongoDatabase;

  constructor(database: MongoDatabase) {
    this.#database = database;
  }

  /** {@inheritDoc} */
  find(kind: NotificationRecordKind, id: string): Promise<NotificationRecord | undefined> {
    return this.#database.attempt("read a notification record", async () => {
      const found = await this.#collection.findOne(
        { _id: nameOf(kind, id) },
        this.#database.serverLimit,
      );
      return found === null ? undefined : decodeRecord(found);
    });
  }

  /** {@inheritDoc} */
  save(
    kind: NotificationRecordKind,
    { id, version, content }: NotificationRecord,
  ): Promise<boolean> {
    return this.#database.attempt("save a notification record", async () => {
      const document = storedValue({ _id: nameOf(kind, id), version: version + 1, content });
      return await saveVersion(this.#database, COLLECTIONS.notificationRecords, document);
    });
  }

  get #collection() {
    return this.#database.collection<RecordDocument>(COLLECTIONS.notificationRecords);
  }
}

/** The `_id` of a record. */
export function nameOf(kind: NotificationRecordKind, id: string): string {
  return `${exactText(kind)}:${exactText(id)}`;
}

/** Reads a document. */
export function decodeRecord(found: unknown): NotificationRecord {
  const document = new StoredDocument(found, `a document in ${COLLECTIONS.notificationRecords}`);
  const name = document.text("_id");
  return {
    id: name.slice(name.indexOf(":") + 1),
    version: document.integer("version"),
    content: document.text("content"),
  };
}
