import { Stripe } from "stripe";
import type {
  MissingPermission,
  ProviderFacts,
  ProviderInspection,
} from "../../application/ports/provider_inspection.ts";
import { callStripe } from "./call_stripe.ts";
import { missingPermissionOf, portErrorOf } from "./port_error_of.ts";

const { StripeError } = Stripe.errors;

const ONE = { limit: 1 };

/** Inspects a Stripe account by reading its smallest lists. */
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
      try {
        await callStripe({ action: `list the ${resource}`, object: "list" }, read);
      } catch (error) {
        const permission = missingPermissionOf(error);
        if (permission === undefined) {
          throw error;
        }
        missing.push({ resource, permission });
      }
    }
    return missing;
  }

  /** One small request for each kind of object that billing reads. */
  #reads(): readonly (readonly [resource: string, read: () => Promise<unknown>])[] {
    const stripe = this.#stripe;
    return [
      ["customers", () => stripe.customers.list(ONE)],
      ["subscriptions", () => stripe.subscriptions.list(ONE)],
      ["invoices", () => stripe.invoices.list(ONE)],
      ["Checkout sessions", () => stripe.checkout.sessions.list(ONE)],
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

/** stripe-node attaches `Headers` to an answer and a plain object to an error. */
function versionOf(headers: unknown): string | null {
  const name = "stripe-version";
  const version: unknown =
    headers instanceof Headers ? headers.get(name) : Reflect.get(Object(headers), name);
  return typeof version === "string" ? version : null;
}
