import type { BillingPorts } from "../ports/billing_ports.ts";
import { CountAttention } from "./count_attention.ts";
import { ListAttention } from "./list_attention.ts";
import { NameAttention } from "./name_attention.ts";
import { ResolveAttention } from "./resolve_attention.ts";

/** The use cases that keep the list of attention items. */
export function attentionUseCases(ports: BillingPorts) {
  return {
    nameAttention: new NameAttention(ports),
    countAttention: new CountAttention(ports),
    listAttention: new ListAttention(ports),
    resolveAttention: new ResolveAttention(ports),
  };
}
