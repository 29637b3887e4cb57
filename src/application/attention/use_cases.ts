import type { BillingPorts } from "../ports/billing_ports.ts";
import { ListAttention } from "./list_attention.ts";
import { NameAttention } from "./name_attention.ts";
import { ResolveAttention } from "./resolve_attention.ts";

/** What keeps the list of what somebody has to look at. */
export function attentionUseCases(ports: BillingPorts) {
  return {
    nameAttention: new NameAttention(ports),
    listAttention: new ListAttention(ports),
    resolveAttention: new ResolveAttention(ports),
  };
}
