import type { mongo } from "mongoose";
import type { EmailUsage } from "../../domain/email_quota.ts";
import { isDuplicateKey } from "./duplicate_key.ts";
import {
  counting,
  decodeUsage,
  type SendDocument,
  sendCollection,
  type UsageDocument,
  type UsageNote,
  usageCollection,
} from "./email_usage_document.ts";
import type { MongoDatabase } from "./mongo_database.ts";
import { storedValue } from "./stored_value.ts";

const DAY_MS = 86_400_000;
const SEND_RETENTION_MS = DAY_MS;
/** How long giving back is left to who has begun it. */
const RELEASE_MS = 30_000;
const RECLAIM_LIMIT = 100;

/** What is counted under a name. */
export interface NewSend {
  /** `_id` of its document. */
  readonly id: string;
  readonly count: number;
  readonly now: Date;
  readonly lease?: { readonly promised: number; readonly until: Date };
}

/**
 * The sends under keys and the leases, kept in step with the records of the tenants. The record is
 * changed first, and a note of it is left there until the send's own document says the same; so a
 * note shows a step that may be half done, and `finish` can always complete it. The send's document
 * decides which attempt counts, by its token. Giving back goes the other way round: the send's
 * document names the attempt first, so that nothing is ever given back twice.
 */
export class MongoEmailSends {
  readonly #database: MongoDatabase;

  constructor(database: MongoDatabase) {
    this.#database = database;
  }

  get #usage(): mongo.Collection<UsageDocument> {
    return usageCollection(this.#database);
  }

  get #sends(): mongo.Collection<SendDocument> {
    return sendCollection(this.#database);
  }

  /** Counts a send that was not counted before: two calls. */
  async count(
    tenantId: string,
    { id, count, now, lease }: NewSend,
  ): Promise<EmailUsage | undefined> {
    const note: UsageNote = storedValue({
      send: id,
      token: crypto.randomUUID(),
      kind: "count",
      count,
      promised: lease?.promised ?? null,
      leaseUntil: lease?.until ?? null,
    });
    const found = await this.#usage.findOneAndUpdate(
      {
        _id: tenantId,
        validUntil: { $gt: now },
        remaining: { $gte: count },
        "notes.send": { $ne: id },
      },
      { $inc: counting(count), $push: { notes: note } },
      { returnDocument: "after", ...this.#database.serverLimit },
    );
    if (found === null) {
      return undefined;
    }
    return (await this.finish(found, note)) ? decodeUsage(found) : undefined;
  }

  /** Completes what a note stands for; false when it was taken back: another attempt counts. */
  async finish(record: UsageDocument, note: UsageNote): Promise<boolean> {
    if (note.kind === "back") {
      await this.#markReleased(record._id, { send: note.send, token: note.token });
      return true;
    }
    try {
      await this.#store(record, note);
      return true;
    } catch (error) {
      if (!isDuplicateKey(error)) {
        throw error;
      }
      await this.#usage.updateOne(
        { _id: record._id, "notes.token": note.token },
        { $inc: counting(-note.count), $pull: { notes: { token: note.token } } },
        this.#database.serverLimit,
      );
      return false;
    }
  }

  /** Completes what others left half done; of one send, or of all. */
  async finishNotes(record: UsageDocument, id?: string): Promise<void> {
    for (const note of record.notes) {
      if (id === undefined || note.send === id) {
        await this.finish(record, note);
      }
    }
  }

  /** One command: the second write happens only if the first one did. */
  async #store(record: UsageDocument, note: UsageNote): Promise<void> {
    const { send, token, count, promised, leaseUntil } = note;
    const latest = Math.max(+record.end, +record.validUntil, +record.decidedAt);
    const content = {
      tenantId: record.tenantId,
      count,
      start: record.start,
      state: "counted" as const,
      expiresAt: new Date(latest + SEND_RETENTION_MS),
      ...(promised !== null && { promised }),
      ...(leaseUntil !== null && { leaseUntil }),
    };
    await this.#sends.bulkWrite(
      [
        {
          updateOne: {
            filter: { _id: send, token },
            update: { $setOnInsert: content },
            upsert: true,
          },
        },
        this.#withoutNote(record._id, token),
      ],
      { ordered: true, ...this.#database.serverLimit },
    );
  }

  #withoutNote(tenantId: string, token: string): mongo.AnyBulkWriteOperation<SendDocument> {
    const operation: mongo.AnyBulkWriteOperation<UsageDocument> = {
      updateOne: { filter: { _id: tenantId }, update: { $pull: { notes: { token } } } },
    };
    return operation as unknown as mongo.AnyBulkWriteOperation<SendDocument>;
  }

  /** The send's document. */
  async find(id: string): Promise<SendDocument | null> {
    return await this.#sends.findOne({ _id: id }, this.#database.serverLimit);
  }

  /** Moves a lease on; false when it is over. */
  async extend(id: string, lease: { promised: number; until: Date }): Promise<boolean> {
    const { matchedCount } = await this.#sends.updateOne(
      { _id: id, state: "counted" },
      { $set: storedValue({ promised: lease.promised, leaseUntil: lease.until }) },
      this.#database.serverLimit,
    );
    return matchedCount === 1;
  }

  /**
   * Gives a send back, once; false when it is not there to be given back.
   *
   * @param part how much of it, and, for a lease that others hold, what it has to be like
   */
  async release(
    send: Pick<SendDocument, "_id" | "tenantId" | "count" | "start">,
    { amount, now, promised }: { amount: number; now: Date; promised?: number | undefined },
  ): Promise<boolean> {
    const token = crypto.randomUUID();
    const leaseUntil = new Date(+now + RELEASE_MS);
    const { matchedCount } = await this.#sends.updateOne(
      { _id: send._id, state: "counted", ...(promised !== undefined && { promised }) },
      { $set: { state: "releasing", back: { token, amount }, leaseUntil } },
      this.#database.serverLimit,
    );
    if (matchedCount === 1) {
      await this.#giveBack(send, { token, amount });
    }
    return matchedCount === 1;
  }

  async #giveBack(
    { _id, tenantId, start }: Pick<SendDocument, "_id" | "tenantId" | "start">,
    { token, amount }: { token: string; amount: number },
  ): Promise<void> {
    const note = { send: _id, token, kind: "back", count: amount } as const;
    const { matchedCount } = await this.#usage.updateOne(
      { _id: tenantId, start, "notes.token": { $ne: token }, voided: { $ne: token } },
      {
        $inc: counting(-amount),
        $push: { notes: { ...note, promised: null, leaseUntil: null } },
      },
      this.#database.serverLimit,
    );
    const voided =
      matchedCount === 0 &&
      (await this.#usage.countDocuments({ _id: tenantId, start, voided: token })) > 0;
    if (!voided) {
      await this.#markReleased(tenantId, { send: _id, token });
    }
  }

  async #markReleased(
    tenantId: string,
    { send, token }: { send: string; token: string },
  ): Promise<void> {
    await this.#sends.bulkWrite(
      [
        {
          updateOne: {
            filter: { _id: send, state: "releasing", "back.token": token },
            update: { $set: { state: "released" }, $unset: { leaseUntil: 1 } },
          },
        },
        this.#withoutNote(tenantId, token),
      ],
      { ordered: true, ...this.#database.serverLimit },
    );
  }

  /** Ends leases whose time is over, and giving back that was left half done. */
  async reclaim(tenantId: string, now: Date): Promise<number> {
    const over = await this.#sends
      .find({ tenantId, leaseUntil: { $lte: now } }, this.#database.serverLimit)
      .limit(RECLAIM_LIMIT)
      .toArray();
    let ended = 0;
    for (const send of over) {
      ended += (await this.#endOther(send, now)) ? 1 : 0;
    }
    return ended;
  }

  async #endOther(send: SendDocument, now: Date): Promise<boolean> {
    const { promised, count, back } = send;
    if (back !== undefined) {
      return await this.#takeOver(send, { back, now });
    }
    const amount = count - (promised ?? count);
    return await this.release(send, { amount, now, promised });
  }

  /**
   * Gives back in place of who has begun it. First its attempt is made impossible, if it did not
   * happen yet; if then the send is still in its hands, it never will.
   */
  async #takeOver(
    send: SendDocument,
    { back, now }: { back: NonNullable<SendDocument["back"]>; now: Date },
  ): Promise<boolean> {
    const { _id, tenantId } = send;
    const { matchedCount } = await this.#usage.updateOne(
      { _id: tenantId, "notes.token": { $ne: back.token } },
      { $addToSet: { voided: back.token } },
      this.#database.serverLimit,
    );
    if (matchedCount === 0) {
      await this.#markReleased(tenantId, { send: _id, token: back.token });
      return true;
    }
    const next = { token: crypto.randomUUID(), amount: back.amount };
    const taken = await this.#sends.updateOne(
      { _id, state: "releasing", "back.token": back.token },
      { $set: { back: next, leaseUntil: new Date(+now + RELEASE_MS) } },
      this.#database.serverLimit,
    );
    if (taken.matchedCount === 1) {
      await this.#giveBack(send, next);
    }
    return taken.matchedCount === 1;
  }
}
