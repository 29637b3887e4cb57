import type { mongo } from "mongoose";
import { PortError } from "../../../application/ports/port_error.ts";
import type { DecideEmailMonths, EmailMonths } from "../../../domain/quota/email_months.ts";
import type { EmailUsage } from "../../../domain/quota/email_quota.ts";
import { isDuplicateKey } from "../duplicate_key.ts";
import type { MongoDatabase } from "../mongo_database.ts";
import {
  counting,
  decodeMonthsOf,
  decodeUsage,
  monthsFields,
  newVersion,
  ofVersion,
  type UsageDocument,
  usageCollection,
} from "./email_usage_document.ts";
import type { MongoEmailCounts } from "./mongo_email_counts.ts";
import type { MongoEmailReleases } from "./mongo_email_releases.ts";

const MAX_ATTEMPTS = 50;
/** `validUntil` of a record that moves to another month, which stops counting in it. */
const NEVER = new Date(0);
/** How many voided releases to remember. */
const VOIDED = 100;

/**
 * Changes the tenants' months. Every change is conditional on the version that was read; whoever
 * comes late decides again.
 */
export class MongoEmailQuotas {
  readonly #database: MongoDatabase;
  readonly #counts: MongoEmailCounts;
  readonly #releases: MongoEmailReleases;

  constructor(
    database: MongoDatabase,
    sends: { counts: MongoEmailCounts; releases: MongoEmailReleases },
  ) {
    this.#database = database;
    this.#counts = sends.counts;
    this.#releases = sends.releases;
  }

  get #usage(): mongo.Collection<UsageDocument> {
    return usageCollection(this.#database);
  }

  #record(tenantId: string): Promise<UsageDocument | null> {
    return this.#usage.findOne({ _id: tenantId }, this.#database.serverLimit);
  }

  /** See `EmailUsageStore.refresh`. */
  async refresh(tenantId: string, decide: DecideEmailMonths, now?: Date): Promise<EmailUsage> {
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      const usage = await this.#refreshOnce(tenantId, decide, now);
      if (usage !== undefined) {
        return usage;
      }
    }
    throw new PortError(`Cannot refresh the e-mail quota of "${tenantId}": too many at once`, {
      transient: true,
    });
  }

  /** Returns `undefined` if the record has changed meanwhile. */
  async #refreshOnce(
    tenantId: string,
    decide: DecideEmailMonths,
    now?: Date,
  ): Promise<EmailUsage | undefined> {
    const record = await this.#record(tenantId);
    if (record === null) {
      return await this.#create(tenantId, decide(undefined));
    }
    if (now !== undefined && (await this.#reclaim(record, now))) {
      return undefined;
    }
    if (record.closedUntil !== undefined) {
      return await this.#moveOn(record, decide);
    }
    const before = decodeMonthsOf(record);
    const after = decide(before);
    if (after === before) {
      return decodeUsage(record);
    }
    // A mark has to say all that was counted: nothing may count while it is made.
    return before.usage.current === after.usage.current && before.marks === after.marks
      ? await this.#stay(record, { before, after })
      : await this.#moveOn((await this.#close(record)) ?? null, decide);
  }

  /** Takes back what is over of leases; returns whether there was any. */
  async #reclaim(record: UsageDocument, now: Date): Promise<boolean> {
    await this.#counts.finishCounts(record);
    await this.#releases.finishReleases(record);
    return (await this.#releases.reclaim(record._id, now)) > 0;
  }

  async #create(tenantId: string, months: EmailMonths): Promise<EmailUsage | undefined> {
    const { fields, used, remaining } = monthsFields(tenantId, months);
    const document: UsageDocument = {
      _id: tenantId,
      tenantId,
      ...fields,
      used,
      remaining,
      version: newVersion(),
      counts0: [],
      counts1: [],
      releases: [],
      voided: [],
    };
    try {
      await this.#usage.insertOne(document, this.#database.serverLimit);
      return decodeUsage(document);
    } catch (error) {
      if (isDuplicateKey(error)) {
        return undefined;
      }
      throw error;
    }
  }

  /** Changes the month in force, but not its limit, while sends are being counted. */
  async #stay(
    record: UsageDocument,
    { before, after }: { before: EmailMonths; after: EmailMonths },
  ): Promise<EmailUsage | undefined> {
    const { fields, used } = monthsFields(record._id, after);
    const inherits = used - monthsFields(record._id, before).used;
    const changed = await this.#usage.findOneAndUpdate(
      { _id: record._id, ...ofVersion(record) },
      { $set: { ...fields, version: newVersion() }, $inc: counting(inherits) },
      { returnDocument: "after", ...this.#database.serverLimit },
    );
    return changed === null ? undefined : decodeUsage(changed);
  }

  /** Closes a record to counting unless it has changed. */
  #close(record: UsageDocument): Promise<UsageDocument | null> {
    return this.#usage.findOneAndUpdate(
      { _id: record._id, ...ofVersion(record) },
      { $set: { closedUntil: record.validUntil, validUntil: NEVER, version: newVersion() } },
      { returnDocument: "after", ...this.#database.serverLimit },
    );
  }

  /**
   * Puts another month in force in a closed record, even one that a dead process has closed:
   * completes whatever is incomplete in it and replaces it unless it has changed.
   */
  async #moveOn(
    closed: UsageDocument | null,
    decide: DecideEmailMonths,
  ): Promise<EmailUsage | undefined> {
    if (closed === null) {
      return undefined;
    }
    await this.#counts.finishCounts(closed);
    await this.#releases.finishReleases(closed);
    const latest = await this.#record(closed._id);
    if (latest?.closedUntil === undefined) {
      return undefined;
    }
    const { fields, used, remaining } = monthsFields(latest._id, decide(decodeMonthsOf(latest)));
    const moved = await this.#usage.findOneAndUpdate(
      {
        _id: latest._id,
        ...ofVersion(latest),
        used: latest.used,
        voided: { $size: latest.voided.length },
        counts0: { $size: 0 },
        counts1: { $size: 0 },
        releases: { $size: 0 },
      },
      {
        $set: {
          ...fields,
          used,
          remaining,
          voided: latest.voided.slice(-VOIDED),
          version: newVersion(),
        },
        $unset: { closedUntil: 1, past: 1 },
      },
      { returnDocument: "after", ...this.#database.serverLimit },
    );
    return moved === null ? undefined : decodeUsage(moved);
  }
}
