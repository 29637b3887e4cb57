import type { mongo } from "mongoose";
import { PortError } from "../../../application/ports/port_error.ts";
import {
  type CountedIn,
  currentMonth,
  monthCountedIn,
  useIn,
} from "../../../domain/quota/usage_months.ts";
import type { MongoDatabase } from "../mongo_database.ts";
import { storedValue } from "../stored_value.ts";
import {
  counting,
  decodeMonthsOf,
  ofVersion,
  type ReleaseNote,
  type UsageDocument,
  usageCollection,
} from "./email_usage_document.ts";

const MAX_ATTEMPTS = 50;

/** What is given back, and when it was counted. */
export interface GivenBack {
  readonly tenantId: string;
  readonly count: number;
  readonly countedIn: CountedIn;
  /** Left in the record: the same attempt is not made twice. */
  readonly note?: ReleaseNote;
}

/**
 * Gives e-mails back in the month that they were counted in: one update where that is in force;
 * else one that lowers what was used of that month and what others have inherited from it. That one
 * is conditional on the version of the months, which counting leaves alone. Answers whether it was
 * given back; not where the note says that it was, or must not be.
 */
export async function giveBackIn(database: MongoDatabase, given: GivenBack): Promise<boolean> {
  const usage = usageCollection(database);
  // Most months have inherited nothing; of one that has, the record read below tells how much.
  let inherited = 0;
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const inForce = await usage.updateOne(
      { ...notYet(given), ...monthInForce(given, inherited) },
      { $inc: counting(-given.count), ...noted(given) },
      database.serverLimit,
    );
    if (inForce.matchedCount === 1) {
      return true;
    }
    const record = await usage.findOne(notYet(given), database.serverLimit);
    const change = record && lowering(record, given);
    if (record === null || change === undefined) {
      return false;
    }
    inherited = record.inherited ?? 0;
    if (change !== null) {
      const lowered = await usage.updateOne(
        { ...notYet(given), ...ofVersion(record) },
        { ...change, ...noted(given) },
        database.serverLimit,
      );
      if (lowered.matchedCount === 1) {
        return true;
      }
    }
  }
  throw new PortError(`Cannot give e-mails of "${given.tenantId}" back: too many at once`, {
    transient: true,
  });
}

/**
 * What lowers a month that was left; `undefined` where there is nothing to give back, `null` where
 * the month has come into force again meanwhile.
 */
function lowering(
  record: UsageDocument,
  { countedIn, count, note }: GivenBack,
): mongo.UpdateFilter<UsageDocument> | null | undefined {
  const { usage } = decodeMonthsOf(record);
  const name = monthCountedIn(usage, countedIn);
  const month = usage.months.find((one) => one.name === name);
  if (month === undefined || (note === undefined && month.own < count)) {
    return undefined;
  }
  if (name === usage.current) {
    return null;
  }
  const lowered = useIn(usage, name, -count);
  const [before, after] = [usage, lowered].map((months) => currentMonth(months)?.inherited ?? 0);
  const change = (after ?? 0) - (before ?? 0);
  return {
    $set: storedValue({ months: lowered, inherited: after ?? 0 }),
    $inc: { ...counting(change), version: 1 },
  };
}

function notYet({ tenantId, note }: GivenBack): mongo.Filter<UsageDocument> {
  return note === undefined
    ? { _id: tenantId }
    : { _id: tenantId, "releases.token": { $ne: note.token }, voided: { $ne: note.token } };
}

/** Without a note, no more is given back than was counted in the month. */
function monthInForce(
  { countedIn, count, note }: GivenBack,
  inherited: number,
): mongo.Filter<UsageDocument> {
  const { month, start } = countedIn;
  const inForce = month === null ? { start } : { month };
  if (note !== undefined) {
    return inForce;
  }
  const stored = inherited === 0 ? { $not: { $gt: 0 } } : inherited;
  return { ...inForce, inherited: stored, used: { $gte: inherited + count } };
}

function noted({ note }: GivenBack): mongo.UpdateFilter<UsageDocument> {
  return note === undefined ? {} : { $push: { releases: note } };
}
