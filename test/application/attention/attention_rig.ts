import { openSqliteStore } from "../../../src/adapters/sqlite/open_sqlite_store.ts";
import { ListAttention } from "../../../src/application/attention/list_attention.ts";
import { NameAttention } from "../../../src/application/attention/name_attention.ts";
import { ResolveAttention } from "../../../src/application/attention/resolve_attention.ts";
import type { NoteChange } from "../../../src/application/ports/audit/note_change.ts";
import type { BillingAlert } from "../../../src/domain/subscription/billing_alert.ts";
import { NOW } from "../../samples/dates.ts";

/** The use cases of the attention list over a store in memory, with what they tell others. */
export function attentionRig() {
  const store = openSqliteStore(":memory:");
  const alerts: BillingAlert[] = [];
  const notes: Parameters<NoteChange>[0][] = [];
  const ports = {
    attention: store.attention,
    clock: () => NOW,
    raiseAlert: (alert: BillingAlert) => alerts.push(alert),
    noteChange: async (note: Parameters<NoteChange>[0]) => {
      notes.push(note);
    },
  };
  return {
    store,
    ports,
    alerts,
    notes,
    nameAttention: new NameAttention(ports),
    listAttention: new ListAttention(ports),
    resolveAttention: new ResolveAttention(ports),
  };
}

export type AttentionRig = ReturnType<typeof attentionRig>;
