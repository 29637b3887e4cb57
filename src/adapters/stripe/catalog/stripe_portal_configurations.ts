import type { Stripe } from "stripe";
import type {
  PortalComparison,
  PortalOrder,
  PortalPurpose,
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

/** Manages our Portal configurations at Stripe, one per purpose. */
export class StripePortalConfigurations {
  readonly #stripe: Stripe;

  constructor(stripe: Stripe) {
    this.#stripe = stripe;
  }

  /**
   * Compares a configuration with an order.
   *
   * @throws {PortError}
   */
  async compare(order: PortalOrder): Promise<PortalComparison> {
    const { purpose } = order;
    const found = await this.#find(purpose);
    return {
      purpose,
      configurationId: found?.text("id") ?? null,
      fields: portalDifferences(found, order),
    };
  }

  /**
   * Creates or updates a configuration and returns its id.
   *
   * @throws {PortError}
   */
  async put(order: PortalOrder): Promise<string> {
    const { purpose } = order;
    const settings = portalSettings(order);
    const found = await this.#find(purpose);
    if (found === undefined) {
      return createOnce(await idempotencyKeyOf(`portal-configuration:${purpose}`, settings), {
        create: (idempotencyKey) => this.#create({ purpose, settings }, idempotencyKey),
        find: async () => (await this.#find(purpose))?.text("id"),
      });
    }
    const id = found.text("id");
    if (portalDifferences(found, order).length > 0) {
      await this.#update(id, settings);
    }
    return id;
  }

  /** A configuration without a purpose, from version 0.1.0, becomes that of the home page. */
  async #find(purpose: PortalPurpose): Promise<WireObject | undefined> {
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
      const metadata = wire.childOrNull("metadata");
      const isOurs = metadata?.textOrNull("managedBy") === MANAGED_BY;
      if (isOurs && (metadata.textOrNull("purpose") ?? "home") === purpose) {
        return wire;
      }
    }
    return undefined;
  }

  async #create(
    { purpose, settings }: { purpose: PortalPurpose; settings: PortalSettings },
    idempotencyKey: string,
  ): Promise<string> {
    const created = await callStripe(
      { action: "create the Portal configuration", object: "billing_portal.configuration" },
      () =>
        this.#stripe.billingPortal.configurations.create(
          { ...settings, metadata: { managedBy: MANAGED_BY, purpose } },
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
