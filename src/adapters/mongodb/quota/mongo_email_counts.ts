import type { mongo } from "mongoose";
import { Recent } from "../../../application/recent.ts";
import type { EmailUsage } from "../../../domain/quota/email_quota.ts";
import { isDuplicateKey } from "../duplicate_key.ts";
import type { MongoDatabase } from "../mongo_database.ts";
import { storedValue } from "../stored_value.ts";
import {
  type CountNote,
  counting,
  decodeUsage,
  NOTE_LISTS,
  type SendDocument,
  sendCollection,
  type UsageDocument,
  usageCollection,
} from "./email_usage_document.ts";

const SEND_RETENTION_MS = 86_400_000;
/** The most tenants whose finished notes are remembered; `finishCounts` removes other notes. */
const REMEMBERED_TENANTS = 10_000;

/** A send to count under a name. */
export interface NewSend {
  /** `_id` of its document. */
  readonly id: string;
  readonly count: number;
  readonly now: Date;
  readonly lease?: { readonly promised: number; readonly until: Date };
}

/** Tokens of finished notes still in the record, by list. */
type FinishedTokens = readonly [string[], string[]];

/**
 * Counts sends that have a document of their own. Changes the record first and adds a note; then
 * stores the document. A note therefore marks a count that may be incomplete, and anybody can
 * complete it. If two attempts counted the same send, the token in its document decides which one
 * counts; the other is taken back exactly once, together with its note.
 */
export class MongoEmailCounts {
  readonly #database: MongoDatabase;
  readonly #finished = new Recent<string, FinishedTokens>(REMEMBERED_TENANTS);
  #turn: 0 | 1 = 0;

  constructor(database: MongoDatabase) {
    this.#database = database;
  }

  get #usage(): mongo.Collection<UsageDocument> {
    return usageCollection(this.#database);
  }

  get #sends(): mongo.Collection<SendDocument> {
    return sendCollection(this.#database);
  }

  /**
   * Counts a send in two calls. Returns `undefined` if it was not counted, because it does not fit
   * or was counted before.
   */
  async count(tenantId: string, send: NewSend): Promise<EmailUsage | undefined> {
    this.#turn = this.#turn === 0 ? 1 : 0;
    const list = this.#turn;
    const note = noteOf(send);
    const found = await this.#usage.findOneAndUpdate(
      {
        _id: tenantId,
        validUntil: { $gt: send.now },
        remaining: { $gte: send.count },
        "counts0.send": { $ne: send.id },
        "counts1.send": { $ne: send.id },
      },
      {
        $inc: counting(send.count),
        $push: { [NOTE_LISTS[list]]: note },
        ...this.#cleaning(tenantId, list === 0 ? 1 : 0),
      },
      { returnDocument: "after", ...this.#database.serverLimit },
    );
    if (found === null || !(await this.#store(found, note))) {
      return undefined;
    }
    this.#remember(tenantId, { list, token: note.token });
    return decodeUsage(found);
  }

  /**
   * Completes the counts of a record that others may have left incomplete: those of one send, or
   * all.
   */
  async finishCounts(record: UsageDocument, id?: string): Promise<void> {
    for (const note of [...record.counts0, ...record.counts1]) {
      if ((id === undefined || note.send === id) && (await this.#store(record, note))) {
        await this.#usage.updateOne(
          { _id: record._id },
          withoutNotes([note.token]),
          this.#database.serverLimit,
        );
      }
    }
  }

  /**
   * Stores the send of a note. Returns false if another attempt counts; then takes this one back.
   */
  async #store(record: UsageDocument, note: CountNote): Promise<boolean> {
    try {
      await this.#sends.insertOne(sendOf(record, note), this.#database.serverLimit);
      return true;
    } catch (error) {
      if (!isDuplicateKey(error)) {
        throw error;
      }
    }
    const { send, token, count } = note;
    const { tenantId } = record;
    if ((await this.#sends.countDocuments({ _id: send, tenantId, token })) > 0) {
      return true;
    }
    await this.#usage.updateOne(
      { _id: record._id, $or: [{ "counts0.token": token }, { "counts1.token": token }] },
      { $inc: counting(-count), ...withoutNotes([token]) },
      this.#database.serverLimit,
    );
    return false;
  }

  #cleaning(tenantId: string, list: 0 | 1): mongo.UpdateFilter<UsageDocument> {
    const tokens = this.#finished.get(tenantId)?.[list].splice(0) ?? [];
    return tokens.length === 0 ? {} : { $pull: { [NOTE_LISTS[list]]: { token: { $in: tokens } } } };
  }

  #remember(tenantId: string, { list, token }: { list: 0 | 1; token: string }): void {
    const tokens = this.#finished.get(tenantId) ?? [[], []];
    tokens[list].push(token);
    this.#finished.set(tenantId, tokens);
  }
}

function noteOf({ id, count, lease }: NewSend): CountNote {
  return storedValue({
    send: id,
    token: crypto.randomUUID(),
    count,
    promised: lease?.promised ?? null,
    leaseUntil: lease?.until ?? null,
  });
}

function sendOf(record: UsageDocument, note: CountNote): SendDocument {
  const { send, token, count, promised, leaseUntil } = note;
  const latest = Math.max(+record.end, +record.validUntil, +record.decidedAt);
  return {
    _id: send,
    tenantId: record.tenantId,
    token,
    count,
    ...(record.month ? { month: record.month } : {}),
    start: record.start,
    state: "counted",
    expiresAt: new Date(latest + SEND_RETENTION_MS),
    ...(promised !== null && { promised }),
    ...(leaseUntil !== null && { leaseUntil }),
  };
}

function withoutNotes(tokens: readonly string[]): mongo.UpdateFilter<UsageDocument> {
  const notes = { token: { $in: [...tokens] } };
  return { $pull: { counts0: notes, counts1: notes } };
}
