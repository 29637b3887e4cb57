import type { WireObject } from "./wire_object.ts";

/**
 * Sums up the taxes that no price contains, of an invoice or one of its lines; also of API versions
 * before 2025-03-31, whose `tax_amounts` only say whether they are inclusive.
 */
export function addedTax(wire: WireObject): number {
  const added = [
    ...["total_taxes", "taxes"]
      .flatMap((name) => wire.objectsOrNone(name))
      .filter((tax) => tax.text("tax_behavior") === "exclusive"),
    ...["total_tax_amounts", "tax_amounts"]
      .flatMap((name) => wire.objectsOrNone(name))
      .filter((tax) => !tax.flag("inclusive")),
  ];
  return added.reduce((sum, tax) => sum + tax.integer("amount"), 0);
}
