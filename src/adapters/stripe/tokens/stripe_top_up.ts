import type { Stripe } from "stripe";
import { PortError } from "../../../application/ports/port_error.ts";
import type {
  TopUpOutcome,
  TopUpRequest,
} from "../../../application/ports/tokens/token_pack_payments.ts";
import { callStripe } from "../call_stripe.ts";
import { createOnce } from "../create_once.ts";
import { listAll } from "../list_all.ts";
import { stripeCodeOf, stripeStatusOf } from "../port_error_of.ts";
import type { WireObject } from "../wire_object.ts";

/** The `kind` metadata that marks invoices of automatic top-ups. */
export const TOP_UP_KIND = "token_top_up";

const LARGEST_PAGE = 100;
/** How much earlier than we believe an invoice may have been created, by Stripe's clock. */
const EARLIER_SECONDS = 3_600;
/** The key is wrong or lacks a permission: an operator's fault, not the payment's. */
const KEY_FAULTS: readonly (number | null)[] = [401, 403];

/**
 * Buys a pack by an invoice that is charged to the stored card at once: looks for the invoice, and
 * goes on from where it is. It never advances by itself, so Stripe charges it only when asked; a
 * refused one is made void before that is told.
 *
 * @throws {PortError} transient where it is to be tried again
 */
export async function topUp(stripe: Stripe, request: TopUpRequest): Promise<TopUpOutcome> {
  const found = await findInvoice(stripe, request);
  if (found === undefined && !request.mayCharge) {
    return { type: "withdrawn" };
  }
  let invoice = found;
  try {
    const method = await storedMethod(stripe, request.customerId);
    if (method === null && found === undefined) {
      return { type: "refused", reason: "no_payment_method" };
    }
    invoice ??= await createInvoice(stripe, request);
    return await advance(stripe, invoice, { ...request, method });
  } catch (error) {
    const isFinal = error instanceof PortError && !error.transient;
    if (!isFinal || KEY_FAULTS.includes(stripeStatusOf(error))) {
      throw error;
    }
    const reason = stripeCodeOf(error) ?? "payment_refused";
    return invoice === undefined
      ? { type: "refused", reason }
      : await giveUp(stripe, invoice.text("id"), { type: "refused", reason });
  }
}

async function advance(
  stripe: Stripe,
  invoice: WireObject,
  request: TopUpRequest & { method: string | null },
): Promise<TopUpOutcome> {
  const id = invoice.text("id");
  const status = invoice.text("status");
  switch (status) {
    case "paid":
      return { type: "paid", invoiceId: id };
    case "draft":
      if (!request.mayCharge) {
        return await giveUp(stripe, id, { type: "withdrawn" });
      }
      await addPack(stripe, invoice, request);
      return await advance(stripe, await finalize(stripe, id), request);
    case "open":
      if (await isProcessing(stripe, id)) {
        return { type: "pending" };
      }
      if (!request.mayCharge) {
        return await giveUp(stripe, id, { type: "withdrawn" });
      }
      return (await pay(stripe, id, request.method)).text("status") === "paid"
        ? { type: "paid", invoiceId: id }
        : { type: "pending" };
    default:
      return { type: "refused", reason: `invoice_${status}` };
  }
}

async function findInvoice(stripe: Stripe, request: TopUpRequest): Promise<WireObject | undefined> {
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

async function createInvoice(stripe: Stripe, request: TopUpRequest): Promise<WireObject> {
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

/** Adds the pack to a draft that does not have it yet. */
async function addPack(stripe: Stripe, draft: WireObject, request: TopUpRequest): Promise<void> {
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

async function finalize(stripe: Stripe, id: string): Promise<WireObject> {
  const action = `finalise invoice "${id}"`;
  const invoice = await unlessMoved(stripe, { id, from: "draft", action }, () =>
    stripe.invoices.finalizeInvoice(id, { auto_advance: false }),
  );
  if (invoice.text("status") === "draft") {
    throw new PortError(`Cannot ${action}: it is still a draft`, { transient: true });
  }
  return invoice;
}

async function pay(stripe: Stripe, id: string, method: string | null): Promise<WireObject> {
  return await unlessMoved(stripe, { id, from: "open", action: `charge invoice "${id}"` }, () =>
    stripe.invoices.pay(id, {
      off_session: true,
      ...(method !== null && { payment_method: method }),
    }),
  );
}

/** Changes an invoice; one that somebody else has moved on meanwhile is answered as it is. */
async function unlessMoved(
  stripe: Stripe,
  { id, from, action }: { id: string; from: "draft" | "open"; action: string },
  change: () => Promise<unknown>,
): Promise<WireObject> {
  try {
    return (await callStripe({ action, object: "invoice", id }, change)).wire;
  } catch (error) {
    if (stripeStatusOf(error) !== 400) {
      throw error;
    }
    const invoice = await readInvoice(stripe, id);
    if (invoice.text("status") === from) {
      throw error;
    }
    return invoice;
  }
}

/** Makes an unpaid invoice unpayable; what was paid meanwhile is told. */
async function giveUp(stripe: Stripe, id: string, otherwise: TopUpOutcome): Promise<TopUpOutcome> {
  const invoice = await readInvoice(stripe, id);
  switch (invoice.text("status")) {
    case "paid":
      return { type: "paid", invoiceId: id };
    case "draft":
      await callStripe({ action: `delete draft "${id}"`, object: "invoice", id }, () =>
        stripe.invoices.del(id),
      );
      return otherwise;
    case "open":
      return (await isProcessing(stripe, id))
        ? { type: "pending" }
        : await voided(stripe, id, otherwise);
    default:
      return otherwise;
  }
}

async function voided(stripe: Stripe, id: string, otherwise: TopUpOutcome): Promise<TopUpOutcome> {
  const action = `void invoice "${id}"`;
  const invoice = await unlessMoved(stripe, { id, from: "open", action }, () =>
    stripe.invoices.voidInvoice(id),
  );
  switch (invoice.text("status")) {
    case "paid":
      return { type: "paid", invoiceId: id };
    case "open":
      throw new PortError(`Cannot void invoice "${id}": it is still open`, { transient: true });
    default:
      return otherwise;
  }
}

async function readInvoice(stripe: Stripe, id: string): Promise<WireObject> {
  const { wire } = await callStripe({ action: `read invoice "${id}"`, object: "invoice", id }, () =>
    stripe.invoices.retrieve(id),
  );
  return wire;
}

/** Whether a payment of an open invoice is under way, as bank debits are for days. */
async function isProcessing(stripe: Stripe, id: string): Promise<boolean> {
  const action = `list the payments of invoice "${id}"`;
  const { wire } = await callStripe({ action, object: "list" }, () =>
    stripe.invoicePayments.list({
      invoice: id,
      limit: 1,
      expand: ["data.payment.payment_intent"],
    }),
  );
  const payment = wire.objects("data")[0]?.childOrNull("payment") ?? null;
  return payment?.childOrNull("payment_intent")?.textOrNull("status") === "processing";
}

/** The card that plans are charged to; `null` if none is stored. */
async function storedMethod(stripe: Stripe, customerId: string): Promise<string | null> {
  const action = `list the subscriptions of customer "${customerId}"`;
  const { wire } = await callStripe({ action, object: "list" }, () =>
    stripe.subscriptions.list({ customer: customerId, limit: LARGEST_PAGE }),
  );
  const own = wire.objects("data").map((one) => one.idOrNull("default_payment_method"));
  const found = own.find((method) => method !== null);
  if (found !== undefined) {
    return found;
  }
  const read = `read customer "${customerId}"`;
  const { wire: customer } = await callStripe(
    { action: read, object: "customer", id: customerId },
    () => stripe.customers.retrieve(customerId),
  );
  return customer.childOrNull("invoice_settings")?.idOrNull("default_payment_method") ?? null;
}

function nameOf({ seq, startedAt }: TopUpRequest): string {
  return `${seq}@${startedAt}`;
}
