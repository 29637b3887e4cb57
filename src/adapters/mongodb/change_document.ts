import type { FieldChange } from "../../domain/catalog/field_change.ts";
import type { AccountChange, ChangeCause } from "../../domain/subscription/account_change.ts";
import type { StoredDocument } from "./stored_document.ts";

const CAUSES = ["event", "request", "reconciliation", "operator", "service"] as const;

/** Reads the change of an account from its document; checks every field. */
export function decodeChange(part: StoredDocument): AccountChange {
  return {
    revision: part.integer("revision"),
    at: part.instant("at"),
    cause: part.part("cause", decodeCause),
    fields: part.parts("fields", decodeField),
  };
}

function decodeCause(part: StoredDocument): ChangeCause {
  const type = part.oneOf("type", CAUSES);
  switch (type) {
    case "event":
      return { type, eventId: part.text("eventId"), eventType: part.text("eventType") };
    case "request":
      return { type, userId: part.text("userId") };
    case "operator":
      return { type, name: part.text("name") };
    case "reconciliation":
    case "service":
      return { type };
    default:
      return type satisfies never;
  }
}

function decodeField(part: StoredDocument): FieldChange {
  return {
    field: part.text("field"),
    before: part.plainOrNull("before"),
    after: part.plainOrNull("after"),
  };
}
