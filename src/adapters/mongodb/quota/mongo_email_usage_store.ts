import type { mongo } from "mongoose";
import type {
  EmailUsageStore,
  KeyedCount,
} from "../../../application/ports/quota/email_usage_store.ts";
import type { TenantPage } from "../../../application/ports/subscription/account_store.ts";
import type { DecideEmailMonths, EmailMonths } from "../../../domain/quota/email_months.ts";
import type { EmailUsage } from "../../../domain/quota/email_quota.ts";
import { COLLECTIONS } from "../collections.ts";
import type { MongoDatabase } from "../mongo_database.ts";
import { StoredDocument } from "../stored_document.ts";
import { exactText } from "../stored_value.ts";
import { tenantPage } from "../tenant_page.ts";
import {
  counting,
  decodeMonthsOf,
  decodeUsage,
  newVersion,
  type UsageDocument,
  usageCollection,
} from "./email_usage_document.ts";
import { MongoEmailCounts } from "./mongo_email_counts.ts";
import { giveBackIn } from "./mongo_email_give_back.ts";
import { MongoEmailQuotas } from "./mongo_email_quotas.ts";
import { MongoEmailReleases } from "./mongo_email_releases.ts";

/** Counts e-mails in MongoDB: one document per tenant, and one per send under a key. */
export class MongoEmailUsageStore implements EmailUsageStore {
  readonly #database: MongoDatabase;
  readonly #counts: MongoEmailCounts;
  readonly #releases: MongoEmailReleases;
  readonly #quotas: MongoEmailQuotas;

  constructor(database: MongoDatabase) {
    this.#database = database;
    this.#counts = new MongoEmailCounts(database);
    this.#releases = new MongoEmailReleases(database);
    this.#quotas = new MongoEmailQuotas(database, {
      counts: this.#counts,
      releases: this.#releases,
    });
  }

  get #usage(): mongo.Collection<UsageDocument> {
    return usageCollection(this.#database);
  }

  /** {@inheritDoc} */
  find(tenantId: string): Promise<EmailUsage | undefined> {
    return this.#database.attempt("read the e-mail usage", async () => {
      const found = await this.#record(tenantId);
      return found === null ? undefined : decodeUsage(found);
    });
  }

  /** {@inheritDoc} */
  findMonths(tenantId: string): Promise<EmailMonths | undefined> {
    return this.#database.attempt("read the months of e-mails", async () => {
      const found = await this.#record(tenantId);
      return found === null ? undefined : decodeMonthsOf(found);
    });
  }

  #record(tenantId: string): Promise<UsageDocument | null> {
    return this.#usage.findOne({ _id: exactText(tenantId) }, this.#database.serverLimit);
  }

  /** {@inheritDoc} */
  consume(
    tenantId: string,
    { count, now }: { count: number; now: Date },
  ): Promise<EmailUsage | undefined> {
    return this.#database.attempt("count e-mails", async () => {
      const found = await this.#usage.findOneAndUpdate(
        { _id: exactText(tenantId), validUntil: { $gt: now }, remaining: { $gte: count } },
        { $inc: counting(count) },
        {
          returnDocument: "after",
          ...this.#database.serverLimit,
        },
      );
      return found === null ? undefined : decodeUsage(found);
    });
  }

  /** {@inheritDoc} */
  consumeOnce(
    tenantId: string,
    { key, count, now }: { key: string; count: number; now: Date },
  ): Promise<KeyedCount> {
    return this.#database.attempt("count e-mails under a key", async () => {
      const id = sendId(tenantId, key);
      const usage = await this.#counts.count(tenantId, { id, count, now });
      return usage === undefined
        ? this.#earlier(tenantId, { id, count })
        : { type: "counted", usage };
    });
  }

  /** Reads the record first: a note that has gone from it shows in the send's document. */
  async #earlier(
    tenantId: string,
    { id, count }: { id: string; count: number },
  ): Promise<KeyedCount> {
    const record = await this.#record(tenantId);
    if (record === null) {
      return { type: "not_counted" };
    }
    await this.#counts.finishCounts(record, id);
    const send = await this.#releases.find(exactText(tenantId), id);
    if (send === null) {
      return { type: "not_counted" };
    }
    switch (send.state) {
      case "releasing":
      case "released":
        return { type: "key_released" };
      case "counted":
        return send.count === count
          ? { type: "repeated", usage: decodeUsage(record) }
          : { type: "key_conflict", count: send.count };
      default:
        return send.state satisfies never;
    }
  }

  /** {@inheritDoc} */
  giveBack(
    tenantId: string,
    { count, periodStart }: { count: number; periodStart: Date },
  ): Promise<void> {
    return this.#database.attempt("give e-mails back", async () => {
      await giveBackIn(this.#database, {
        tenantId: exactText(tenantId),
        count,
        countedIn: { month: null, start: periodStart },
      });
    });
  }

  /** {@inheritDoc} */
  release(
    tenantId: string,
    key: string,
    now: Date,
  ): Promise<"released" | "already_released" | "unknown"> {
    return this.#database.attempt("release e-mails", async () => {
      const id = sendId(tenantId, key);
      const send =
        (await this.#releases.find(exactText(tenantId), id)) ??
        (await this.#unfinished(tenantId, id));
      if (send === null) {
        return "unknown";
      }
      const released =
        send.state === "counted" &&
        (await this.#releases.release(send, { amount: send.count, now }));
      return released ? "released" : "already_released";
    });
  }

  async #unfinished(tenantId: string, id: string) {
    const record = await this.#record(tenantId);
    if (record === null) {
      return null;
    }
    await this.#counts.finishCounts(record, id);
    return await this.#releases.find(exactText(tenantId), id);
  }

  /** {@inheritDoc} */
  noteRefusal(
    tenantId: string,
    { periodStart, at }: { periodStart: Date; at: Date },
  ): Promise<void> {
    return this.#database.attempt("note a refusal", async () => {
      await this.#usage.updateOne(
        { _id: exactText(tenantId), start: periodStart, refusedAt: null },
        { $set: { refusedAt: at, version: newVersion() } },
        this.#database.serverLimit,
      );
    });
  }

  /** {@inheritDoc} */
  tenants(page: TenantPage): Promise<readonly string[]> {
    return this.#database.attempt("list the tenants that send e-mails", async () => {
      // The collection also holds the tenants' sends.
      const filter = { validUntil: { $exists: true } };
      const found = await tenantPage(this.#database, { in: COLLECTIONS.emailUsage, filter }, page);
      const place = `a document in ${COLLECTIONS.emailUsage}`;
      return found.map((document) => new StoredDocument(document, place).text("_id"));
    });
  }

  /** {@inheritDoc} */
  add(tenantId: string, count: number): Promise<void> {
    return this.#database.attempt("count e-mails later", async () => {
      const update = { $inc: counting(count) };
      await this.#usage.updateOne({ _id: exactText(tenantId) }, update, this.#database.serverLimit);
    });
  }

  /** {@inheritDoc} */
  refresh(tenantId: string, decide: DecideEmailMonths, now?: Date): Promise<EmailUsage> {
    return this.#database.attempt("refresh the e-mail quota", () =>
      this.#quotas.refresh(exactText(tenantId), decide, now),
    );
  }
}

function sendId(tenantId: string, key: string): string {
  return `${exactText(tenantId)}:key:${exactText(key)}`;
}
