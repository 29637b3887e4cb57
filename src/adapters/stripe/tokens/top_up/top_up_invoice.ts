import type { Stripe } from "stripe";
import { PortError } from "../../../../application/ports/port_error.ts";
import type { TopUpRequest } from "../../../../application/ports/tokens/token_pack_payments.ts";
import { callStripe } from "../../call_stripe.ts";
import { createOnce } from "../../create_once.ts";
import { listAll } from "../../list_all.ts";
import { stripeCodeOf } from "../../port_error_of.ts";
import type { WireObject } from "../../wire_object.ts";
import { readInvoice, unlessMoved } from "./moving_invoice.ts";

/** The `kind` metadata that marks invoices of automatic top-ups. */
export const TOP_UP_KIND = "token_top_up";

const LARGEST_PAGE = 100;
/** How much earlier than we believe an invoice may have been created, by Stripe's clock. */
const EARLIER_SECONDS = 3_600;

/** Finds the invoice that carries the purchase's name. @throws {PortError} */
export async function findInvoice(
  stripe: Stripe,
  request: TopUpRequest,
): Promise<WireObject | undefined> {
  const { customerId, startedAt } = request;
  const since = Math.floor(Date.parse(startedAt) / 1_000) - EARLIER_SECONDS;
  const action = `list the invoices of customer "${customerId}"`;
  const pages = listAll({ action, object: "invoice" }, (cursor) =>
    stripe.invoices.list({
      customer: customerId,
      created: { gte: since },
      limit: LARGEST_PAGE,
      ...cursor,
    }),
  );
  try {
    for await (const invoice of pages) {
      if (invoice.childOrNull("metadata")?.textOrNull("topUp") === nameOf(request)) {
        return invoice;
      }
    }
  } catch (error) {
    if (stripeCodeOf(error) !== "resource_missing") {
      throw error;
    }
  }
  return undefined;
}

/** Creates that invoice, once, as an empty draft. @throws {PortError} */
export async function createInvoice(stripe: Stripe, request: TopUpRequest): Promise<WireObject> {
  const { tenantId, customerId, packSlug, tokens, currency } = request;
  const topUpName = nameOf(request);
  return await createOnce(`top-up:${tenantId}:${topUpName}`, {
    create: async (idempotencyKey) => {
      const action = `create the invoice of a top-up for tenant "${tenantId}"`;
      const { wire } = await callStripe({ action, object: "invoice" }, () =>
        stripe.invoices.create(
          {
            customer: customerId,
            currency,
            collection_method: "charge_automatically",
            auto_advance: false,
            pending_invoice_items_behavior: "exclude",
            automatic_tax: { enabled: request.automaticTax },
            metadata: {
              tenantId,
              kind: TOP_UP_KIND,
              packSlug,
              tokens: String(tokens),
              topUp: topUpName,
            },
          },
          { idempotencyKey },
        ),
      );
      return wire;
    },
    find: () => findInvoice(stripe, request),
  });
}

/**
 * Adds the pack to a draft that does not have it yet.
 *
 * @throws {PortError}
 */
export async function addPack(
  stripe: Stripe,
  draft: WireObject,
  request: TopUpRequest,
): Promise<void> {
  const { customerId, tenantId, priceId } = request;
  const id = draft.text("id");
  const hasPack = (invoice: WireObject) => invoice.child("lines").objects("data").length > 0;
  if (hasPack(draft)) {
    return;
  }
  await createOnce(`top-up-pack:${tenantId}:${nameOf(request)}`, {
    create: async (idempotencyKey) => {
      await callStripe({ action: `add a pack to invoice "${id}"`, object: "invoiceitem" }, () =>
        stripe.invoiceItems.create(
          { customer: customerId, invoice: id, pricing: { price: priceId } },
          { idempotencyKey },
        ),
      );
      return true;
    },
    find: async () => (hasPack(await readInvoice(stripe, id)) ? true : undefined),
  });
}

/** Makes a draft payable. @throws {PortError} */
export async function finalize(stripe: Stripe, id: string): Promise<WireObject> {
  const action = `finalise invoice "${id}"`;
  const invoice = await unlessMoved(stripe, { id, from: "draft", action }, () =>
    stripe.invoices.finalizeInvoice(id, { auto_advance: false }),
  );
  if (invoice.text("status") === "draft") {
    throw new PortError(`Cannot ${action}: it is still a draft`, { transient: true });
  }
  return invoice;
}

function nameOf({ seq, startedAt }: TopUpRequest): string {
  return `${seq}@${startedAt}`;
}
