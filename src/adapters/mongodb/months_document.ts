import type { UsageMonth, UsageMonths } from "../../domain/quota/usage_months.ts";
import type { StoredDocument } from "./stored_document.ts";

/** Reads the months of one measure from a document; checks every field. */
export function decodeMonths(part: StoredDocument): UsageMonths {
  return {
    months: part.parts("months", decodeMonth),
    current: part.textOrNull("current"),
    since: part.instant("since"),
    healings: part.integer("healings"),
    displaced: part.integer("displaced"),
  };
}

function decodeMonth(month: StoredDocument): UsageMonth {
  return {
    name: month.text("name"),
    subscriptionId: month.textOrNull("subscriptionId"),
    start: month.instant("start"),
    end: month.instant("end"),
    allowance: month.integerOrNull("allowance"),
    own: month.integer("own"),
    inherited: month.integer("inherited"),
    from: month.partOrNull("from", (from) => ({
      month: from.text("month"),
      kept: from.integerOrNull("kept"),
    })),
    missed: month.flag("missed"),
  };
}
