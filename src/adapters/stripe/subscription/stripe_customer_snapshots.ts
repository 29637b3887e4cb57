import type { Stripe } from "stripe";
import { PortError } from "../../../application/ports/port_error.ts";
import type { CustomerSnapshots } from "../../../application/ports/subscription/customer_snapshots.ts";
import type {
  CustomerSnapshot,
  SnapshotInvoice,
  SnapshotLine,
  SnapshotSubscription,
} from "../../../domain/subscription/customer_snapshot.ts";
import { mayHavePendingLines } from "../../../domain/subscription/seen/pending_lines.ts";
import { mayBeProcessing } from "../../../domain/subscription/seen/processing.ts";
import { isLive } from "../../../domain/subscription/subscription.ts";
import { callStripe } from "../call_stripe.ts";
import { listAll } from "../list_all.ts";
import { stripeCodeOf } from "../port_error_of.ts";
import { requestList } from "../request_list.ts";
import { wholeList } from "../whole_list.ts";
import type { WireObject } from "../wire_object.ts";
import { amountProcessing } from "./amount_processing.ts";
import { mapSnapshotInvoice, mapSnapshotLine, priceIdOfLine } from "./map_snapshot_invoice.ts";
import type { PriceRegister } from "./price_register.ts";
import { readSubscription, SUBSCRIPTION_PARTS } from "./read_subscription.ts";

const LARGEST_PAGE = 100;

/** Reads customers' snapshots from Stripe. */
export class StripeCustomerSnapshots implements CustomerSnapshots {
  readonly #stripe: Stripe;
  readonly #prices: PriceRegister;

  /** @param prices shared by all Stripe clients of a process */
  constructor(stripe: Stripe, prices: PriceRegister) {
    this.#stripe = stripe;
    this.#prices = prices;
  }

  /** {@inheritDoc} */
  async read(customerId: string): Promise<CustomerSnapshot> {
    const found = await this.#subscriptions(customerId);
    const subscriptions = found.map(({ subscription }) => subscription);
    const expanded = found[0]?.wire.childOrNull("customer") ?? null;
    // Deleting a customer cancels its subscriptions, so a live one proves that the customer exists.
    const lives = subscriptions.some(({ status }) => isLive(status));
    const customer = lives ? expanded : await this.#customer(customerId);
    const invoices = await this.#withProcessing(subscriptions, await this.#invoices(customerId));
    return {
      deleted: customer === null ? !lives : customer.flag("deleted"),
      balance: customer?.integerOrNull("balance") ?? 0,
      subscriptions,
      invoices,
      pendingLines: mayHavePendingLines({ subscriptions, invoices })
        ? await this.#pendingLines(customerId)
        : [],
    };
  }

  async #subscriptions(
    customerId: string,
  ): Promise<{ wire: WireObject; subscription: SnapshotSubscription }[]> {
    const action = `list the subscriptions of customer "${customerId}"`;
    const found: { wire: WireObject; subscription: SnapshotSubscription }[] = [];
    const pages = listAll({ action, object: "subscription" }, (cursor) =>
      requestList(this.#stripe, "/v1/subscriptions", {
        customer: customerId,
        status: "all",
        limit: LARGEST_PAGE,
        expand: SUBSCRIPTION_PARTS,
        ...cursor,
      } satisfies Stripe.SubscriptionListParams),
    );
    try {
      for await (const wire of pages) {
        if (wire.id("customer") !== customerId) {
          throw wire.contradiction(`it is not of customer "${customerId}"`);
        }
        found.push({
          wire,
          subscription: await readSubscription(wire, this.#stripe, this.#prices),
        });
      }
    } catch (error) {
      noneIfMissing(error);
    }
    return found;
  }

  async #invoices(customerId: string): Promise<SnapshotInvoice[]> {
    const action = `list the invoices of customer "${customerId}"`;
    const wires: WireObject[] = [];
    const pages = listAll({ action, object: "invoice" }, (cursor) =>
      requestList(this.#stripe, "/v1/invoices", {
        customer: customerId,
        limit: LARGEST_PAGE,
        ...cursor,
      } satisfies Stripe.InvoiceListParams),
    );
    try {
      for await (const wire of pages) {
        wires.push(wire);
      }
    } catch (error) {
      noneIfMissing(error);
    }
    const invoices: SnapshotInvoice[] = [];
    for (const [place, wire] of wires.entries()) {
      const lines = await this.#linesOf(wire);
      invoices.push(mapSnapshotInvoice(wire, { order: wires.length - place, lines }));
    }
    return invoices;
  }

  /** Asks for the payments of invoices that are not paid: of most customers, none. */
  async #withProcessing(
    subscriptions: readonly SnapshotSubscription[],
    invoices: readonly SnapshotInvoice[],
  ): Promise<readonly SnapshotInvoice[]> {
    const found = new Map<string, number>();
    for (const { id, amountRemaining } of mayBeProcessing({ subscriptions, invoices })) {
      found.set(id, Math.min(amountRemaining, await amountProcessing(this.#stripe, id)));
    }
    return invoices.map((invoice) => ({
      ...invoice,
      amountProcessing: found.get(invoice.id) ?? invoice.amountProcessing,
    }));
  }

  async #linesOf(invoice: WireObject): Promise<SnapshotLine[]> {
    const id = invoice.text("id");
    const wires = await wholeList(invoice.child("lines"), { id, object: "line_item" }, (cursor) =>
      this.#stripe.invoices.listLineItems(id, { limit: LARGEST_PAGE, ...cursor }),
    );
    const lines: SnapshotLine[] = [];
    for (const wire of wires) {
      lines.push(mapSnapshotLine(wire, { invoice, price: await this.#priceOf(wire) }));
    }
    return lines;
  }

  async #pendingLines(customerId: string): Promise<SnapshotLine[]> {
    const action = `list the pending invoice items of customer "${customerId}"`;
    const lines: SnapshotLine[] = [];
    const pages = listAll({ action, object: "invoiceitem" }, (cursor) =>
      this.#stripe.invoiceItems.list({
        customer: customerId,
        pending: true,
        limit: LARGEST_PAGE,
        ...cursor,
      }),
    );
    for await (const wire of pages) {
      lines.push(mapSnapshotLine(wire, { invoice: null, price: await this.#priceOf(wire) }));
    }
    return lines;
  }

  async #priceOf(line: WireObject) {
    const priceId = priceIdOfLine(line);
    return priceId === null ? null : await this.#prices.read(this.#stripe, priceId);
  }

  async #customer(customerId: string): Promise<WireObject | null> {
    const expected = {
      action: `read customer "${customerId}"`,
      object: "customer",
      id: customerId,
    };
    try {
      return (await callStripe(expected, () => this.#stripe.customers.retrieve(customerId))).wire;
    } catch (error) {
      return noneIfMissing(error);
    }
  }
}

/** Returns `null` if Stripe does not know the customer; throws any other error again. */
function noneIfMissing(error: unknown): null {
  if (error instanceof PortError && stripeCodeOf(error) === "resource_missing") {
    return null;
  }
  throw error;
}
