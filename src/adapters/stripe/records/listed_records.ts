import type { Stripe } from "stripe";
import { PortError } from "../../../application/ports/port_error.ts";
import type {
  ListedInvoice,
  ListedPack,
  ListedSubscription,
} from "../../../application/ports/subscription/payment_records.ts";
import { listAll } from "../list_all.ts";
import { requestList } from "../request_list.ts";
import { reversalsOfSession } from "../reversals.ts";
import { mapSnapshotInvoice } from "../subscription/map_snapshot_invoice.ts";
import type { PriceRegister } from "../subscription/price_register.ts";
import { readSubscription, SUBSCRIPTION_PARTS } from "../subscription/read_subscription.ts";
import {
  mapPackPurchase,
  mapTopUpPurchase,
  PACK_SESSION_PARTS,
  tenantOfPackSession,
  tenantOfTopUp,
} from "../tokens/map_pack_purchase.ts";
import type { WireObject } from "../wire_object.ts";

const LARGEST_PAGE = 100;
/** The states that an invoice can leave. Source: Stripe, "Invoice status transitions". */
const CHANGEABLE = ["draft", "open", "uncollectible"] as const;

/** Lists the subscriptions of all customers that have not ended. */
export async function* listedSubscriptions(
  stripe: Stripe,
  prices: PriceRegister,
): AsyncGenerator<ListedSubscription, void, undefined> {
  const pages = listAll({ action: "list the subscriptions", object: "subscription" }, (cursor) =>
    requestList(stripe, "/v1/subscriptions", {
      limit: LARGEST_PAGE,
      expand: SUBSCRIPTION_PARTS,
      ...cursor,
    } satisfies Stripe.SubscriptionListParams),
  );
  for await (const wire of pages) {
    const subscription = await ifReadable(() => readSubscription(wire, stripe, prices));
    yield { customerId: wire.id("customer"), subscription };
  }
}

/** Lists the invoices created since then, and the earlier ones that can still change. */
export async function* listedInvoices(
  stripe: Stripe,
  since: Date,
): AsyncGenerator<ListedInvoice, void, undefined> {
  const start = Math.floor(since.getTime() / 1000);
  const lists: Stripe.InvoiceListParams[] = [
    { created: { gte: start } },
    ...CHANGEABLE.map((status) => ({ status, created: { lt: start } })),
  ];
  for (const params of lists) {
    const pages = listAll({ action: "list the invoices", object: "invoice" }, (cursor) =>
      requestList(stripe, "/v1/invoices", { limit: LARGEST_PAGE, ...params, ...cursor }),
    );
    for await (const wire of pages) {
      const customerId = wire.idOrNull("customer");
      if (customerId !== null) {
        const invoice = await ifReadable(() => mapSnapshotInvoice(wire, { order: 0, lines: [] }));
        yield { customerId, invoice, pack: await topUpOf(wire, customerId) };
      }
    }
  }
}

/** Lists the token packs of all complete Checkouts. */
export async function* listedPacks(stripe: Stripe): AsyncGenerator<ListedPack, void, undefined> {
  const action = "list the paid Checkouts";
  const pages = listAll({ action, object: "checkout.session" }, (cursor) =>
    stripe.checkout.sessions.list({
      status: "complete",
      limit: LARGEST_PAGE,
      expand: PACK_SESSION_PARTS,
      ...cursor,
    }),
  );
  for await (const session of pages) {
    const customerId = session.idOrNull("customer");
    const tenantId = tenantOfPackSession(session);
    if (customerId !== null && tenantId !== null) {
      const purchase = await ifReadable(async () =>
        mapPackPurchase(session, await reversalsOfSession(stripe, session)),
      );
      yield { customerId, tenantId, purchase };
    }
  }
}

async function topUpOf(invoice: WireObject, customerId: string): Promise<ListedPack | null> {
  const tenantId = tenantOfTopUp(invoice);
  return tenantId === null || invoice.textOrNull("status") !== "paid"
    ? null
    : { customerId, tenantId, purchase: await ifReadable(() => mapTopUpPurchase(invoice, [])) };
}

/** Reads one object of a list; `null` if it cannot be read, so that it does not hide the others. */
async function ifReadable<T>(read: () => T | Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof PortError && !error.transient) {
      return null;
    }
    throw error;
  }
}
