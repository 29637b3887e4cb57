import type { FieldChange } from "../../../domain/catalog/field_change.ts";

/**
 * Leaves an entry in a tenant's audit trail about something that was changed for it elsewhere than
 * in its account (P38). It is safe when this resolves; a crash before may mean that it is there
 * twice. Throws `PortError`.
 */
export type NoteChange = (note: {
  readonly tenantId: string;
  readonly fields: readonly FieldChange[];
}) => Promise<void>;
