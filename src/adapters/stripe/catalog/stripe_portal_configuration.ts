import type { Stripe } from "stripe";
import type {
  PortalComparison,
  PortalOrder,
} from "../../../application/ports/catalog/catalog_publisher.ts";
import { callStripe } from "../call_stripe.ts";
import { createOnce, idempotencyKeyOf } from "../create_once.ts";
import { listAll } from "../list_all.ts";
import type { WireObject } from "../wire_object.ts";
import {
  MANAGED_BY,
  type PortalSettings,
  portalDifferences,
  portalSettings,
} from "./portal_settings.ts";

const LARGEST_PAGE = 100;

/** The one Portal configuration at Stripe that is ours. */
export class StripePortalConfiguration {
  readonly #stripe: Stripe;

  constructor(stripe: Stripe) {
    this.#stripe = stripe;
  }

  /** Compares it with an order. Throws `PortError`. */
  async compare(order: PortalOrder): Promise<PortalComparison> {
    const found = await this.#find();
    return {
      configurationId: found?.text("id") ?? null,
      fields: portalDifferences(found, order),
    };
  }

  /** Makes sure that it exists as it should be; answers its id. Throws `PortError`. */
  async put(order: PortalOrder): Promise<string> {
    const settings = portalSettings(order);
    const found = await this.#find();
    if (found === undefined) {
      return createOnce(await idempotencyKeyOf("portal-configuration", settings), {
        create: (idempotencyKey) => this.#create(settings, idempotencyKey),
        find: async () => (await this.#find())?.text("id"),
      });
    }
    const id = found.text("id");
    if (portalDifferences(found, order).length > 0) {
      await this.#update(id, settings);
    }
    return id;
  }

  async #find(): Promise<WireObject | undefined> {
    const expected = {
      action: "list the Portal configurations",
      object: "billing_portal.configuration",
    };
    const pages = listAll(expected, (cursor) =>
      this.#stripe.billingPortal.configurations.list({
        active: true,
        limit: LARGEST_PAGE,
        expand: ["data.features.subscription_update.products"],
        ...cursor,
      }),
    );
    for await (const wire of pages) {
      if (wire.childOrNull("metadata")?.textOrNull("managedBy") === MANAGED_BY) {
        return wire;
      }
    }
    return undefined;
  }

  async #create(settings: PortalSettings, idempotencyKey: string): Promise<string> {
    const created = await callStripe(
      { action: "create the Portal configuration", object: "billing_portal.configuration" },
      () =>
        this.#stripe.billingPortal.configurations.create(
          { ...settings, metadata: { managedBy: MANAGED_BY } },
          { idempotencyKey },
        ),
    );
    const id = created.wire.text("id");
    if (created.replayed) {
      await this.#update(id, settings);
    }
    return id;
  }

  async #update(id: string, settings: PortalSettings): Promise<void> {
    await callStripe(
      {
        action: `update Portal configuration "${id}"`,
        object: "billing_portal.configuration",
        id,
      },
      () => this.#stripe.billingPortal.configurations.update(id, { ...settings, active: true }),
    );
  }
}
