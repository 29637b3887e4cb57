import type { WireInvoice } from "../../state/wire.ts";
import { settleInvoice } from "../collection.ts";
import { finalizeInvoice } from "../invoices.ts";
import { invalidRequest } from "../request_error.ts";
import type { Transaction } from "../transaction.ts";
import { finalizationProblem } from "./finalization_failure.ts";

const HOUR_SECONDS = 3600;

/**
 * Makes a draft final because somebody asks for it, without charging it: `auto_advance` decides
 * whether it is collected automatically within the hour. One over nothing is paid.
 * @throws {RequestError} where it is no draft
 */
export function openInvoice(
  tx: Transaction,
  invoice: WireInvoice,
  { autoAdvance = invoice.auto_advance ?? false }: { autoAdvance?: boolean | undefined },
): void {
  if (invoice.status !== "draft") {
    throw invalidRequest(
      "This invoice is already finalized, you can't re-finalize a non-draft invoice.",
      undefined,
      "invoice_not_editable",
    );
  }
  const problem = finalizationProblem(tx, invoice);
  if (problem !== undefined) {
    throw invalidRequest(problem.message, undefined, problem.code);
  }
  finalizeInvoice(tx, invoice);
  invoice.auto_advance = autoAdvance;
  if (invoice.amount_due === 0) {
    settleInvoice(tx, invoice, null);
    return;
  }
  const automatic = autoAdvance && invoice.collection_method === "charge_automatically";
  invoice.next_payment_attempt = automatic ? tx.now + HOUR_SECONDS : null;
}
