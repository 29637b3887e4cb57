import type { FieldChange } from "../../../domain/catalog/field_change.ts";

/**
 * Adds an entry to a tenant's audit trail for a change made outside its account (P38). The entry is
 * durable once this resolves; after a crash and a retry it may appear twice. Throws `PortError`.
 */
export type NoteChange = (note: {
  readonly tenantId: string;
  readonly fields: readonly FieldChange[];
}) => Promise<void>;
