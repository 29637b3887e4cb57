import type { AttentionItem } from "../attention/attention_item.ts";
import { type AttentionKind, attentionItem } from "../attention/attention_kinds.ts";
import type { Catalog } from "../catalog/catalog.ts";
import type { CustomerSnapshot, SnapshotInvoice } from "./customer_snapshot.ts";
import type { InvoiceReversal } from "./payment_reversal.ts";
import { billsPlan } from "./plan_item.ts";
import { isLive } from "./subscription.ts";

/** The kinds that a look at refunds and disputes checks. */
export const REVERSAL_KINDS = [
  "payment_charged_back",
  "payment_refunded",
] as const satisfies readonly AttentionKind[];

/** A reversal in force of money that was paid for a plan. */
interface PlanReversal {
  readonly reversal: InvoiceReversal;
  readonly invoice: SnapshotInvoice;
  readonly subscriptionId: string;
  readonly goesOn: boolean;
}

/**
 * Names what was paid for a plan and went back (P41). A refund is settled once its subscription
 * ends; a dispute has to be answered in any case.
 */
export function reversalFindings(
  reversals: readonly InvoiceReversal[],
  { tenantId, ...seen }: { tenantId: string; snapshot: CustomerSnapshot; catalog: Catalog },
): AttentionItem[] {
  return planReversals(reversals, seen).flatMap(({ reversal, invoice, goesOn }) => {
    const { id: subject, kind, amount, createdAt: since } = reversal;
    const money = { amount, currency: invoice.currency };
    const facts = { tenantId, subject, invoiceId: invoice.id, money, since };
    if (kind === "dispute") {
      return [attentionItem("payment_charged_back", { ...facts, goesOn })];
    }
    return goesOn ? [attentionItem("payment_refunded", facts)] : [];
  });
}

/** Finds the live subscriptions for which a payment was charged back, with the disputes' ids. */
export function chargedBack(
  reversals: readonly InvoiceReversal[],
  seen: { snapshot: CustomerSnapshot; catalog: Catalog },
): { readonly subscriptionId: string; readonly disputeId: string }[] {
  return planReversals(reversals, seen)
    .filter(({ reversal, goesOn }) => reversal.kind === "dispute" && goesOn)
    .map(({ reversal, subscriptionId }) => ({ subscriptionId, disputeId: reversal.id }));
}

function planReversals(
  reversals: readonly InvoiceReversal[],
  { snapshot, catalog }: { snapshot: CustomerSnapshot; catalog: Catalog },
): PlanReversal[] {
  const invoices = new Map(snapshot.invoices.map((invoice) => [invoice.id, invoice]));
  const live = new Set(
    snapshot.subscriptions.filter(({ status }) => isLive(status)).map(({ id }) => id),
  );
  return reversals.flatMap((reversal) => {
    const invoice = invoices.get(reversal.invoiceId);
    const subscriptionId = invoice?.subscriptionId ?? null;
    return reversal.inForce && invoice && subscriptionId !== null && billsPlan(invoice, catalog)
      ? [{ reversal, invoice, subscriptionId, goesOn: live.has(subscriptionId) }]
      : [];
  });
}
