import type { Stripe } from "stripe";
import type {
  CreatedEndpoint,
  WebhookEndpoint,
  WebhookEndpoints,
} from "../../../application/ports/events/webhook_endpoints.ts";
import type { HandledEventType } from "../../../domain/events/billing_event.ts";
import { callStripe } from "../call_stripe.ts";
import { MANAGED_BY } from "../catalog/portal_settings.ts";
import { STRIPE_API_VERSION } from "../create_stripe_client.ts";
import { listAll } from "../list_all.ts";
import type { WireObject } from "../wire_object.ts";

const OBJECT = "webhook_endpoint";
const LARGEST_PAGE = 100;

/** Manages the webhook endpoints of a Stripe account. */
export class StripeWebhookEndpoints implements WebhookEndpoints {
  readonly apiVersion = STRIPE_API_VERSION;
  readonly #stripe: Stripe;

  constructor(stripe: Stripe) {
    this.#stripe = stripe;
  }

  /** {@inheritDoc} */
  async list(): Promise<readonly WebhookEndpoint[]> {
    const expected = { action: "list the webhook endpoints", object: OBJECT };
    const pages = listAll(expected, (cursor) =>
      this.#stripe.webhookEndpoints.list({ limit: LARGEST_PAGE, ...cursor }),
    );
    const found: WebhookEndpoint[] = [];
    for await (const wire of pages) {
      found.push(mapEndpoint(wire));
    }
    return found;
  }

  /** {@inheritDoc} */
  async create({
    url,
    eventTypes,
  }: {
    url: string;
    eventTypes: readonly HandledEventType[];
  }): Promise<CreatedEndpoint> {
    const { wire } = await callStripe(
      { action: "create the webhook endpoint", object: OBJECT },
      () =>
        this.#stripe.webhookEndpoints.create({
          url,
          api_version: STRIPE_API_VERSION,
          enabled_events: [...eventTypes],
          description: "MailingCore billing",
          metadata: { managedBy: MANAGED_BY },
        }),
    );
    return { endpointId: wire.text("id"), signingSecret: wire.text("secret") };
  }

  /** {@inheritDoc} */
  async update(endpointId: string, eventTypes: readonly HandledEventType[]): Promise<void> {
    const action = `update webhook endpoint "${endpointId}"`;
    await callStripe({ action, object: OBJECT, id: endpointId }, () =>
      this.#stripe.webhookEndpoints.update(endpointId, {
        enabled_events: [...eventTypes],
        disabled: false,
      }),
    );
  }
}

function mapEndpoint(wire: WireObject): WebhookEndpoint {
  return {
    endpointId: wire.text("id"),
    url: wire.text("url"),
    enabled: wire.textOrNull("status") === "enabled",
    apiVersion: wire.textOrNull("api_version"),
    eventTypes: wire.texts("enabled_events"),
  };
}
