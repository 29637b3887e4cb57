import { Stripe } from "stripe";
import type {
  MissingPermission,
  ProviderFacts,
  ProviderInspection,
  TaxSetup,
} from "../../application/ports/provider_inspection.ts";
import { callStripe } from "./call_stripe.ts";
import { missingPermissionOf, portErrorOf, stripeStatusOf } from "./port_error_of.ts";

const { StripeError } = Stripe.errors;

const ONE = { limit: 1 };
/** No object has this id. */
const NONE = "mailingcoredoctor";
const CREDIT = { amount: -1, currency: "eur" };

/** Inspects a Stripe account by reading its smallest lists, and by writing what cannot be written. */
export class StripeInspection implements ProviderInspection {
  readonly #stripe: Stripe;

  constructor(stripe: Stripe) {
    this.#stripe = stripe;
  }

  /** {@inheritDoc} */
  async inspect(): Promise<ProviderFacts> {
    const action = "ask Stripe for a product";
    try {
      const answer = await this.#stripe.products.list(ONE);
      const { wire } = await callStripe({ action, object: "list" }, async () => answer);
      const [product] = wire.objects("data");
      const livemode = product?.flag("livemode") ?? null;
      return { keyAccepted: true, livemode, apiVersion: versionOf(answer.lastResponse.headers) };
    } catch (error) {
      const status = error instanceof StripeError ? error.statusCode : undefined;
      if (error instanceof StripeError && (status === 401 || status === 403)) {
        return {
          keyAccepted: status === 403,
          livemode: null,
          apiVersion: versionOf(error.headers),
        };
      }
      throw portErrorOf(error, action);
    }
  }

  /** {@inheritDoc} */
  async missingPermissions(): Promise<readonly MissingPermission[]> {
    const missing: MissingPermission[] = [];
    for (const [resource, read] of this.#reads()) {
      const action = `list the ${resource}`;
      const permission = await refusalOf(() => callStripe({ action, object: "list" }, read));
      if (permission !== undefined) {
        missing.push({ resource, access: "read", permission });
      }
    }
    for (const [resource, write] of this.#impossibleWrites()) {
      const permission = await refusalOf(() => this.#attempt(resource, write));
      if (permission !== undefined) {
        missing.push({ resource, access: "write", permission });
      }
    }
    return missing;
  }

  /** {@inheritDoc} */
  async taxSetup(): Promise<TaxSetup> {
    const expected = { action: "read the settings of Stripe Tax", object: "tax.settings" };
    const { wire } = await callStripe(expected, () => this.#stripe.tax.settings.retrieve());
    const pending = wire.childOrNull("status_details")?.childOrNull("pending") ?? null;
    return {
      isReady: wire.text("status") === "active",
      missing: pending?.texts("missing_fields") ?? [],
      hasDefault: wire.child("defaults").textOrNull("tax_behavior") !== null,
    };
  }

  /** Tries what Stripe cannot do; that it says so is all that is wanted. */
  async #attempt(resource: string, write: () => Promise<unknown>): Promise<void> {
    try {
      await write();
    } catch (error) {
      const failure = portErrorOf(error, `try to write ${resource}`);
      const status = stripeStatusOf(failure);
      if (status !== 400 && status !== 404) {
        throw failure;
      }
    }
  }

  /**
   * One request for each kind of object that billing writes, about an object that does not exist: a
   * key that may write is told so (400 or 404), another that it may not (403). Nothing is changed.
   */
  #impossibleWrites(): readonly (readonly [resource: string, write: () => Promise<unknown>])[] {
    const stripe = this.#stripe;
    return [
      ["customers", () => stripe.customers.update(`cus_${NONE}`, {})],
      [
        "customers' balances",
        () => stripe.customers.createBalanceTransaction(`cus_${NONE}`, CREDIT),
      ],
      ["payment methods", () => stripe.paymentMethods.detach(`pm_${NONE}`)],
      ["tax ids", () => stripe.customers.deleteTaxId(`cus_${NONE}`, `txi_${NONE}`)],
      ["subscriptions", () => stripe.subscriptions.cancel(`sub_${NONE}`)],
      ["subscription schedules", () => stripe.subscriptionSchedules.release(`sub_sched_${NONE}`)],
      ["invoices", () => stripe.invoices.voidInvoice(`in_${NONE}`)],
      ["invoice items", () => stripe.invoiceItems.del(`ii_${NONE}`)],
      ["Checkout sessions", () => stripe.checkout.sessions.expire(`cs_test_${NONE}`)],
      ["refunds", () => stripe.refunds.create({ charge: `ch_${NONE}` })],
      ["products", () => stripe.products.update(`prod_${NONE}`, {})],
      ["prices", () => stripe.prices.update(`price_${NONE}`, {})],
      ["Portal sessions", () => stripe.billingPortal.sessions.create({ customer: `cus_${NONE}` })],
      [
        "Portal configurations",
        () => stripe.billingPortal.configurations.update(`bpc_${NONE}`, {}),
      ],
      ["webhook endpoints", () => stripe.webhookEndpoints.update(`we_${NONE}`, {})],
    ];
  }

  /** One small request for each kind of object that billing reads. */
  #reads(): readonly (readonly [resource: string, read: () => Promise<unknown>])[] {
    const stripe = this.#stripe;
    return [
      ["customers", () => stripe.customers.list(ONE)],
      ["tax ids", () => stripe.taxIds.list(ONE)],
      ["subscriptions", () => stripe.subscriptions.list(ONE)],
      ["invoices", () => stripe.invoices.list(ONE)],
      ["invoice items", () => stripe.invoiceItems.list(ONE)],
      ["invoice payments", () => stripe.invoicePayments.list(ONE)],
      ["credit notes", () => stripe.creditNotes.list(ONE)],
      ["Checkout sessions", () => stripe.checkout.sessions.list(ONE)],
      ["charges", () => stripe.charges.list(ONE)],
      ["payments", () => stripe.paymentIntents.list(ONE)],
      ["refunds", () => stripe.refunds.list(ONE)],
      ["disputes", () => stripe.disputes.list(ONE)],
      ["products", () => stripe.products.list(ONE)],
      ["prices", () => stripe.prices.list(ONE)],
      ["Portal configurations", () => stripe.billingPortal.configurations.list(ONE)],
      ["webhook endpoints", () => stripe.webhookEndpoints.list(ONE)],
      ["events", () => stripe.events.list(ONE)],
    ];
  }
}

/** The permission that a call lacks; `undefined` if it lacks none. */
async function refusalOf(call: () => Promise<unknown>): Promise<string | null | undefined> {
  try {
    await call();
    return undefined;
  } catch (error) {
    const permission = missingPermissionOf(error);
    if (permission === undefined) {
      throw error;
    }
    return permission;
  }
}

/** stripe-node attaches `Headers` to an answer and a plain object to an error. */
function versionOf(headers: unknown): string | null {
  const name = "stripe-version";
  const version: unknown =
    headers instanceof Headers ? headers.get(name) : Reflect.get(Object(headers), name);
  return typeof version === "string" ? version : null;
}
