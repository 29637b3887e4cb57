import type { mongo } from "mongoose";
import { PortError } from "../../application/ports/port_error.ts";
import {
  type EmailUsage,
  isOlderDecision,
  type QuotaDecision,
} from "../../domain/quota/email_quota.ts";
import { isDuplicateKey } from "./duplicate_key.ts";
import {
  ceilingOf,
  decisionFields,
  decodeUsage,
  type UsageDocument,
  usageCollection,
} from "./email_usage_document.ts";
import type { MongoDatabase } from "./mongo_database.ts";
import type { MongoEmailCounts } from "./mongo_email_counts.ts";
import type { MongoEmailReleases } from "./mongo_email_releases.ts";

const MAX_ATTEMPTS = 50;
/** How many periods that were in force before are remembered. */
const PAST_PERIODS = 4;
/** `validUntil` of a record that is being moved to another period: nothing is counted in it. */
const NEVER = new Date(0);

/**
 * The quotas in force. Every change is conditional on the decision that was read, so that an older
 * one is never put over a newer one.
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

  /** As `EmailUsageStore.refresh` promises. */
  async refresh(tenantId: string, decision: QuotaDecision): Promise<EmailUsage> {
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      const usage = await this.#refreshOnce(tenantId, decision);
      if (usage !== undefined) {
        return usage;
      }
    }
    throw new PortError(`Cannot refresh the e-mail quota of "${tenantId}": too many at once`, {
      transient: true,
    });
  }

  /** `undefined` when somebody else came first. */
  async #refreshOnce(tenantId: string, decision: QuotaDecision): Promise<EmailUsage | undefined> {
    const record = await this.#record(tenantId);
    if (record === null) {
      return await this.#create(tenantId, decision);
    }
    const usage = decodeUsage(record);
    if (isOlderDecision(decision, usage)) {
      return usage;
    }
    if (record.start.getTime() === decision.period.start.getTime()) {
      const changed = await this.#usage.findOneAndUpdate(
        { _id: record._id, start: record.start, ...decidedAs(usage) },
        {
          $set: decisionFields(decision),
          $inc: { remaining: ceilingOf(decision.limit) - ceilingOf(record.limit) },
        },
        { returnDocument: "after", ...this.#database.serverLimit },
      );
      return changed === null ? undefined : decodeUsage(changed);
    }
    return await this.#moveOn(usage, decision);
  }

  async #create(tenantId: string, decision: QuotaDecision): Promise<EmailUsage | undefined> {
    const document: UsageDocument = {
      _id: tenantId,
      tenantId,
      ...decisionFields(decision),
      used: 0,
      remaining: ceilingOf(decision.limit),
      counts0: [],
      counts1: [],
      releases: [],
      voided: [],
      past: [],
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

  /**
   * Begins another period: closes the record, so that nothing is counted in it, completes what is
   * half done, and replaces it while nothing has changed.
   */
  async #moveOn(usage: EmailUsage, decision: QuotaDecision): Promise<EmailUsage | undefined> {
    const fence = decidedAs(decision);
    const { tenantId } = usage;
    const closed = await this.#usage.findOneAndUpdate(
      { _id: tenantId, start: usage.period.start, ...decidedAs(usage) },
      { $set: { ...fence, validUntil: NEVER } },
      { returnDocument: "after", ...this.#database.serverLimit },
    );
    if (closed === null) {
      return undefined;
    }
    await this.#counts.finishCounts(closed);
    await this.#releases.finishReleases(closed);
    const latest = await this.#record(tenantId);
    if (latest === null) {
      return undefined;
    }
    const { start, used, past } = latest;
    const before = past.find((period) => +period.start === +decision.period.start);
    const others = past.filter((period) => period !== before && +period.start !== +start);
    const again = before?.used ?? 0;
    const moved = await this.#usage.findOneAndUpdate(
      {
        ...{ _id: tenantId, ...fence, validUntil: NEVER, start: closed.start, used },
        ...{ counts0: { $size: 0 }, counts1: { $size: 0 }, releases: { $size: 0 } },
      },
      {
        $set: {
          ...decisionFields(decision),
          used: again,
          remaining: ceilingOf(decision.limit) - again,
          voided: [],
          past: [...others, { start, used }].slice(-PAST_PERIODS),
        },
      },
      { returnDocument: "after", ...this.#database.serverLimit },
    );
    return moved === null ? undefined : decodeUsage(moved);
  }
}

function decidedAs({ accountRevision, catalogRevision, decidedAt }: QuotaDecision) {
  return { accountRevision, catalogRevision, decidedAt };
}
