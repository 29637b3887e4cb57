import {
  type AttentionItem,
  type AttentionRecord,
  itemOf,
} from "../../domain/attention/attention_item.ts";
import { attentionItem } from "../../domain/attention/attention_kinds.ts";
import type { Catalog } from "../../domain/catalog/catalog.ts";
import type { BillingAccount } from "../../domain/subscription/billing_account.ts";
import {
  type ForeignSubscription,
  foreignPayment,
  foreignSubscription,
  isForeignPayment,
  type ReceivedPayment,
} from "../../domain/subscription/findings/foreign.ts";
import type { NameAttentionCommand } from "../attention/name_attention.ts";
import { requireCatalog } from "../catalog/require_catalog.ts";
import type { AttentionStore } from "../ports/attention/attention_store.ts";
import type { CatalogStore } from "../ports/catalog/catalog_store.ts";
import type { Clock } from "../ports/clock.ts";
import type { AccountStore } from "../ports/subscription/account_store.ts";
import type { ManagedEndpoint, PaymentRecords } from "../ports/subscription/payment_records.ts";

/** The kinds that concern no tenant. */
const KINDS = [
  "unexplained_subscription",
  "unexplained_payment",
  "webhook_endpoint_disabled",
] as const;

const DAY_MS = 86_400_000;
/** Payments of this time are looked through; those that are named stay until they are given back. */
const PAYMENT_DAYS = 30;

/** The lists that are read. */
type Records = Pick<PaymentRecords, "payments" | "keptMoney" | "isDeleted" | "endpoints">;

/** What a run has found so far. */
interface Run {
  readonly records: Records;
  readonly signal: AbortSignal;
  readonly catalog: Catalog;
  /** Whose a customer is; undefined if nobody's. */
  readonly ownerOf: (customerId: string) => Promise<BillingAccount | undefined>;
}

/** The dependencies of `NameForeign`. */
export interface NameForeignPorts {
  readonly accounts: Pick<AccountStore, "findByCustomer">;
  readonly attention: Pick<AttentionStore, "known">;
  readonly catalog: CatalogStore;
  readonly nameAttention: { execute(command: NameAttentionCommand): Promise<unknown> };
  readonly clock: Clock;
}

/**
 * Names what no tenant's look can find (P41): live subscriptions of our plans whose customer is no
 * tenant's, or not the one that its tenant has here; money of such customers, and money for packs
 * and plans that nothing of ours has sold; webhook endpoints that Stripe disabled.
 */
export class NameForeign {
  readonly #ports: NameForeignPorts;

  constructor(ports: NameForeignPorts) {
    this.#ports = ports;
  }

  /**
   * Names those of the listed live subscriptions that still belong to nobody, and reads the payments
   * of the last 30 days page by page. Names nothing once `signal` aborts: a list that was not read
   * to its end shows nothing about the rest.
   *
   * @throws {PortError}
   */
  async execute({
    records,
    foreign,
    signal,
  }: {
    records: Records;
    foreign: readonly ForeignSubscription[];
    signal: AbortSignal;
  }): Promise<void> {
    const { accounts, attention, nameAttention } = this.#ports;
    const catalog = await requireCatalog(this.#ports.catalog);
    const ownerOf = (customerId: string) => accounts.findByCustomer(customerId);
    const run = { records, signal, catalog, ownerOf };
    const known = await attention.known(null);
    const subscriptions = await this.#subscriptions(foreign, run);
    const found = [
      ...subscriptions,
      ...(await this.#payments(run, { known, named: subscriptions })),
      ...(await this.#endpoints(records)),
    ];
    if (!signal.aborted) {
      await nameAttention.execute({ tenantId: null, revision: 0, found, looked: KINDS, known });
    }
  }

  async #subscriptions(
    foreign: readonly ForeignSubscription[],
    { catalog, ownerOf }: Run,
  ): Promise<AttentionItem[]> {
    const found: AttentionItem[] = [];
    for (const subscription of foreign) {
      const item = foreignSubscription(subscription, catalog);
      if (item !== null && (await ownerOf(subscription.customerId)) === undefined) {
        found.push(item);
      }
    }
    return found;
  }

  async #payments(
    run: Run,
    { known, named }: { known: readonly AttentionRecord[]; named: readonly AttentionItem[] },
  ): Promise<AttentionItem[]> {
    const { records, signal, catalog, ownerOf } = run;
    const since = new Date(this.#ports.clock().getTime() - PAYMENT_DAYS * DAY_MS);
    const subscriptions = new Set(named.map(({ subject }) => subject));
    const earlier = known.filter(({ kind }) => kind === "unexplained_payment");
    const found: AttentionItem[] = [];
    for await (const payment of records.payments(since)) {
      if (signal.aborted) {
        return found;
      }
      const { id, customerId, subscriptionId } = payment;
      const owner = customerId === null ? undefined : await ownerOf(customerId);
      const isNamed = subscriptionId !== null && subscriptions.has(subscriptionId);
      if (!isNamed && isForeignPayment(payment, owner, catalog)) {
        const isKnown = earlier.some(({ subject }) => subject === id);
        found.push(...(await this.#item(records, payment, isKnown)));
      }
    }
    for (const item of earlier.filter((one) => one.since < since)) {
      if ((await records.keptMoney(item.subject)).amount > 0) {
        found.push(itemOf(item));
      }
    }
    return found;
  }

  /** A deleted customer may have been a tenant's, which nobody can tell any more. */
  async #item(
    records: Records,
    payment: ReceivedPayment,
    isKnown: boolean,
  ): Promise<readonly AttentionItem[]> {
    const { id, customerId } = payment;
    if (!isKnown && customerId !== null && (await records.isDeleted(customerId))) {
      return [];
    }
    return [foreignPayment(payment, await records.keptMoney(id)) ?? []].flat();
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
