import type { AttentionItem } from "../attention/attention_item.ts";
import { type AttentionKind, attentionItem } from "../attention/attention_kinds.ts";
import type { Catalog } from "../catalog/catalog.ts";
import type { Money } from "../catalog/money.ts";
import type { BillingAccount } from "./billing_account.ts";
import type { CustomerSnapshot, SnapshotInvoice } from "./customer_snapshot.ts";
import type { InvoiceReversal } from "./payment_reversal.ts";
import { billsPlan } from "./plan_item.ts";
import { isLive } from "./subscription.ts";

/** The kinds that a look at refunds and disputes checks. */
export const REVERSAL_KINDS = [
  "payment_charged_back",
  "payment_refunded",
  "refund_failed",
] as const satisfies readonly AttentionKind[];

/** A reversal in force of money that was paid for a plan. */
interface PlanReversal {
  readonly reversal: InvoiceReversal;
  readonly invoice: SnapshotInvoice;
  readonly subscriptionId: string;
  readonly goesOn: boolean;
}

/** The end of a tenant is decided, and then its refund is made. */
const REFUND_MADE_MS = 300_000;

/** What a look at refunds and disputes was about. */
interface SeenReversals {
  readonly account: Pick<BillingAccount, "tenantId" | "endedDuplicates" | "ending">;
  readonly snapshot: CustomerSnapshot;
  readonly catalog: Catalog;
  readonly now: Date;
  /** What is named already. */
  readonly known: readonly Pick<AttentionItem, "kind" | "subject">[];
}

/** What is due back of an invoice by what we have decided: of a double payment, of a tenant's end. */
export function dueBack(
  { endedDuplicates, ending }: Pick<BillingAccount, "endedDuplicates" | "ending">,
  { id, amountPaid }: Pick<SnapshotInvoice, "id" | "amountPaid">,
): number {
  const isDuplicates = endedDuplicates.some(({ givenBack }) =>
    givenBack.some(({ invoiceId }) => invoiceId === id),
  );
  const refund = ending?.refund ?? null;
  return isDuplicates ? amountPaid : refund?.invoiceId === id ? refund.amount : 0;
}

/** An invoice of which more is due back than its reversals give. */
export interface MissingRefund {
  readonly invoice: SnapshotInvoice;
  /** Minor units. */
  readonly due: number;
}

/** Finds the refunds of ours that have failed, as far as refunds and disputes tell. */
export function missingRefunds(
  reversals: readonly InvoiceReversal[],
  { account, snapshot, now, known }: SeenReversals,
): readonly MissingRefund[] {
  const { ending } = account;
  const isNamed = known.some(
    ({ kind, subject }) => kind === "refund_failed" && subject === ending?.refund?.invoiceId,
  );
  const isMade = ending === null || isNamed || +now - +ending.at > REFUND_MADE_MS;
  return snapshot.invoices.flatMap((invoice) => {
    const due = dueBack(isMade ? account : { ...account, ending: null }, invoice);
    const back = reversals
      .filter(({ invoiceId, inForce }) => inForce && invoiceId === invoice.id)
      .reduce((sum, { amount }) => sum + amount, 0);
    return due > back ? [{ invoice, due }] : [];
  });
}

/** The item about a refund of ours that has failed; `null` where its money went back otherwise. */
export function missingRefundItem(
  { invoice: { id: subject, amountPaid, paidAt, createdAt }, due }: MissingRefund,
  { tenantId, kept }: { tenantId: string; kept: Money },
): AttentionItem | null {
  const money = { ...kept, amount: kept.amount - (amountPaid - due) };
  const since = paidAt ?? createdAt;
  return money.amount <= 0
    ? null
    : attentionItem("refund_failed", { tenantId, subject, money, since });
}

/**
 * Names what was paid for a plan and went back (P41). A refund is settled once its subscription
 * ends; a dispute has to be answered in any case.
 */
export function reversalFindings(
  reversals: readonly InvoiceReversal[],
  { account: { tenantId }, ...seen }: SeenReversals,
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
