import type { AttentionItem } from "../../domain/attention/attention_item.ts";
import { attentionItem } from "../../domain/attention/attention_kinds.ts";
import { foreignSubscription } from "../../domain/subscription/findings/unexplained.ts";
import type { NameAttentionCommand } from "../attention/name_attention.ts";
import { requireCatalog } from "../catalog/require_catalog.ts";
import type { CatalogStore } from "../ports/catalog/catalog_store.ts";
import type { Clock } from "../ports/clock.ts";
import type { AccountStore } from "../ports/subscription/account_store.ts";
import type { ManagedEndpoint, PaymentRecords } from "../ports/subscription/payment_records.ts";

/** The kinds that concern no tenant. */
const KINDS = ["unexplained_subscription", "webhook_endpoint_disabled"] as const;

/** The dependencies of `NameForeign`. */
export interface NameForeignPorts {
  readonly accounts: Pick<AccountStore, "findByCustomer">;
  readonly catalog: CatalogStore;
  readonly nameAttention: { execute(command: NameAttentionCommand): Promise<unknown> };
  readonly clock: Clock;
}

/**
 * Names what no tenant's look can find (P41): live subscriptions of our plans whose customer is no
 * tenant's, or not the one that its tenant has here, and webhook endpoints that Stripe disabled.
 */
export class NameForeign {
  readonly #ports: NameForeignPorts;

  constructor(ports: NameForeignPorts) {
    this.#ports = ports;
  }

  /**
   * Reads all live subscriptions page by page. Names nothing once `signal` aborts: a list that was
   * not read to its end shows nothing about the rest.
   *
   * @throws {PortError}
   */
  async execute({
    records,
    signal,
  }: {
    records: Pick<PaymentRecords, "subscriptions" | "endpoints">;
    signal: AbortSignal;
  }): Promise<void> {
    const found = [
      ...(await this.#subscriptions(records, signal)),
      ...(await this.#endpoints(records)),
    ];
    if (!signal.aborted) {
      await this.#ports.nameAttention.execute({
        tenantId: null,
        revision: 0,
        found,
        looked: KINDS,
      });
    }
  }

  async #subscriptions(
    records: Pick<PaymentRecords, "subscriptions">,
    signal: AbortSignal,
  ): Promise<readonly AttentionItem[]> {
    const { accounts } = this.#ports;
    const catalog = await requireCatalog(this.#ports.catalog);
    const found: AttentionItem[] = [];
    for await (const subscription of records.subscriptions()) {
      if (signal.aborted) {
        break;
      }
      const item = foreignSubscription(subscription, catalog);
      const { customerId } = subscription;
      if (item !== null && (await accounts.findByCustomer(customerId)) === undefined) {
        found.push(item);
      }
    }
    return found;
  }

  async #endpoints(records: Pick<PaymentRecords, "endpoints">): Promise<readonly AttentionItem[]> {
    const all: ManagedEndpoint[] = [];
    for await (const endpoint of records.endpoints()) {
      all.push(endpoint);
    }
    return all
      .filter(({ enabled, url }) => !enabled && !all.some((one) => one.enabled && one.url === url))
      .map(({ endpointId: subject, url }) =>
        attentionItem("webhook_endpoint_disabled", {
          tenantId: null,
          subject,
          url,
          since: this.#ports.clock(),
        }),
      );
  }
}
