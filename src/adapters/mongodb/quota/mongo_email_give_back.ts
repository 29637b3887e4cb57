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
  newVersion,
  ofVersion,
  type ReleaseNote,
  type UsageDocument,
  usageCollection,
} from "./email_usage_document.ts";

const MAX_ATTEMPTS = 50;

/** An amount to give back, and when it was counted. */
export interface GivenBack {
  readonly tenantId: string;
  readonly count: number;
  readonly countedIn: CountedIn;
  /** Stays in the record to prevent the same attempt from happening twice. */
  readonly note?: ReleaseNote;
}

/**
 * Gives e-mails back in the month in which they were counted: with one update if it is in force;
 * otherwise with one that lowers that month's use and what others inherited from it. The latter is
 * conditional on the version of the months, which counting does not change. Returns whether it gave
 * anything back; it does not if the note shows that it has happened or must not.
 */
export async function giveBackIn(database: MongoDatabase, given: GivenBack): Promise<boolean> {
  const usage = usageCollection(database);
  // Assumes no inheritance, as in most months; otherwise the record read below tells the amount.
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
 * Returns the change that lowers an earlier month; `undefined` if there is nothing to give back,
 * `null` if the month is in force again.
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
    $set: storedValue({ months: lowered, inherited: after ?? 0, version: newVersion() }),
    $inc: counting(change),
  };
}

function notYet({ tenantId, note }: GivenBack): mongo.Filter<UsageDocument> {
  return note === undefined
    ? { _id: tenantId }
    : { _id: tenantId, "releases.token": { $ne: note.token }, voided: { $ne: note.token } };
}

/**
 * Returns the change of the month in force. Without a note, gives back no more than was counted in
 * the month.
 */
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
