import type { mongo } from "mongoose";
import type { MongoDatabase } from "../mongo_database.ts";
import { storedValue } from "../stored_value.ts";
import {
  type ReleaseNote,
  type SendDocument,
  sendCollection,
  type UsageDocument,
  usageCollection,
} from "./email_usage_document.ts";
import { giveBackIn } from "./mongo_email_give_back.ts";

/** How long a release is left to whoever began it. */
const RELEASE_MS = 30_000;
const RECLAIM_LIMIT = 100;

/**
 * Releases sends, once each. The send's document comes first: it names the one attempt that may
 * change the record, and becomes `released` when that is done. Another attempt can take over an
 * abandoned one after making sure that it can no longer happen.
 */
export class MongoEmailReleases {
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

  /** Finds a send's document. */
  async find(tenantId: string, id: string): Promise<SendDocument | null> {
    return await this.#sends.findOne({ _id: id, tenantId }, this.#database.serverLimit);
  }

  /** Extends a lease; returns false if it is over. */
  async extend(
    tenantId: string,
    id: string,
    lease: { promised: number; until: Date },
  ): Promise<boolean> {
    const { matchedCount } = await this.#sends.updateOne(
      { _id: id, tenantId, state: "counted" },
      { $max: { promised: lease.promised }, $set: storedValue({ leaseUntil: lease.until }) },
      this.#database.serverLimit,
    );
    return matchedCount === 1;
  }

  /**
   * Releases a send; returns false if somebody else has.
   *
   * @param part the amount and, for a lease held by others, what must still be promised
   */
  async release(
    send: SendDocument,
    { amount, now, promised }: { amount: number; now: Date; promised?: number | undefined },
  ): Promise<boolean> {
    const token = crypto.randomUUID();
    const { matchedCount } = await this.#sends.updateOne(
      {
        _id: send._id,
        tenantId: send.tenantId,
        state: "counted",
        ...(promised !== undefined && { promised }),
      },
      {
        $set: {
          state: "releasing",
          back: { token, amount },
          leaseUntil: new Date(+now + RELEASE_MS),
        },
      },
      this.#database.serverLimit,
    );
    if (matchedCount === 1) {
      await this.#giveBack(send, { token, amount });
    }
    return matchedCount === 1;
  }

  async #giveBack(
    { _id, tenantId, month, start }: SendDocument,
    { token, amount }: { token: string; amount: number },
  ): Promise<void> {
    const note: ReleaseNote = { send: _id, token };
    const countedIn = { month: month ?? null, start };
    const given = await giveBackIn(this.#database, { tenantId, count: amount, countedIn, note });
    const voided =
      !given && (await this.#usage.countDocuments({ _id: tenantId, voided: token })) > 0;
    if (!voided) {
      await this.#finish(tenantId, note);
    }
  }

  /** Records in the send's document what was done to the record, and only then removes the note. */
  async #finish(tenantId: string, { send, token }: ReleaseNote): Promise<void> {
    await this.#sends.updateOne(
      { _id: send, tenantId, state: "releasing", "back.token": token },
      { $set: { state: "released" }, $unset: { leaseUntil: 1 } },
      this.#database.serverLimit,
    );
    await this.#usage.updateOne(
      { _id: tenantId },
      { $pull: { releases: { token } } },
      this.#database.serverLimit,
    );
  }

  /** Completes releases that the sends' documents do not record yet. */
  async finishReleases(record: UsageDocument): Promise<void> {
    for (const note of record.releases) {
      await this.#finish(record._id, note);
    }
  }

  /** Ends expired leases, and completes releases that were left incomplete. */
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
   * Takes over a release from whoever began it. First makes that attempt impossible unless it has
   * happened; if the send still belongs to that attempt afterwards, it never will.
   */
  async #takeOver(
    send: SendDocument,
    { back, now }: { back: NonNullable<SendDocument["back"]>; now: Date },
  ): Promise<boolean> {
    const { _id, tenantId } = send;
    const { matchedCount } = await this.#usage.updateOne(
      { _id: tenantId, "releases.token": { $ne: back.token } },
      { $addToSet: { voided: back.token } },
      this.#database.serverLimit,
    );
    if (matchedCount === 0) {
      await this.#finish(tenantId, { send: _id, token: back.token });
      return true;
    }
    const next = { token: crypto.randomUUID(), amount: back.amount };
    const taken = await this.#sends.updateOne(
      { _id, tenantId, state: "releasing", "back.token": back.token },
      { $set: { back: next, leaseUntil: new Date(+now + RELEASE_MS) } },
      this.#database.serverLimit,
    );
    if (taken.matchedCount === 1) {
      await this.#giveBack(send, next);
    }
    return taken.matchedCount === 1;
  }
}
