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
  moneyForNothing,
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
/** So many payments that cannot be read mean that the provider or the store is down. */
const MOST_FAILURES = 25;

/** The lists that are read. */
type Records = Pick<
  PaymentRecords,
  "payments" | "paymentsFor" | "keptMoney" | "isDeleted" | "endpoints"
>;

/** What a run has found so far. */
interface Run {
  readonly records: Records;
  readonly signal: AbortSignal;
  readonly catalog: Catalog;
  /** Whose a customer is; undefined if nobody's. */
  readonly ownerOf: (customerId: string) => Promise<BillingAccount | undefined>;
  /** Why some of it could not be read. */
  readonly failures: unknown[];
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
   * to its end shows nothing about the rest. What cannot be read hides none of the others, and takes
   * nothing off the list.
   *
   * @returns why some of it could not be read
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
  }): Promise<readonly unknown[]> {
    const { accounts, attention, nameAttention } = this.#ports;
    const catalog = await requireCatalog(this.#ports.catalog);
    const ownerOf = (customerId: string) => accounts.findByCustomer(customerId);
    const failures: unknown[] = [];
    const run = { records, signal, catalog, ownerOf, failures };
    const known = await attention.known(null);
    const subscriptions = await this.#subscriptions(foreign, run);
    const found = [
      ...subscriptions,
      ...(await this.#payments(run, { known, named: subscriptions })),
      ...(await unlessFailed(failures, () => this.#endpoints(records))),
    ];
    if (!signal.aborted) {
      const looked = failures.length === 0 ? KINDS : [];
      await nameAttention.execute({ tenantId: null, revision: 0, found, looked, known });
    }
    return failures;
  }

  async #subscriptions(
    foreign: readonly ForeignSubscription[],
    { catalog, ownerOf, failures }: Run,
  ): Promise<AttentionItem[]> {
    const found: AttentionItem[] = [];
    for (const subscription of foreign) {
      const item = foreignSubscription(subscription, catalog);
      const named = await unlessFailed(failures, async () =>
        item !== null && (await ownerOf(subscription.customerId)) === undefined ? [item] : [],
      );
      found.push(...named);
    }
    return found;
  }

  async #payments(
    run: Run,
    { known, named }: { known: readonly AttentionRecord[]; named: readonly AttentionItem[] },
  ): Promise<AttentionItem[]> {
    const { records, signal, failures } = run;
    const since = new Date(this.#ports.clock().getTime() - PAYMENT_DAYS * DAY_MS);
    const subscriptions = new Set(named.map(({ subject }) => subject));
    const earlier = known.filter(({ kind }) => kind === "unexplained_payment");
    const found: AttentionItem[] = [];
    await unlessFailed(failures, async () => {
      for await (const payment of records.payments(since)) {
        if (signal.aborted || failures.length >= MOST_FAILURES) {
          break;
        }
        if (payment.subscriptionId === null || !subscriptions.has(payment.subscriptionId)) {
          const isKnown = earlier.some(({ subject }) => subject === payment.id);
          const item = () => this.#item(run, payment, isKnown);
          found.push(...(await unlessFailed(failures, item)));
        }
      }
      return [];
    });
    for (const { subject } of known.filter((one) => hasEnded(one, subscriptions))) {
      const ofSubscription = async () => {
        const items: AttentionItem[] = [];
        for await (const payment of records.paymentsFor(subject)) {
          items.push(...(await this.#item(run, payment, true)));
        }
        return items;
      };
      found.push(...(await unlessFailed(failures, ofSubscription)));
    }
    for (const item of earlier.filter((one) => one.since < since)) {
      const kept = async () => ((await records.keptMoney(item.subject)).amount > 0 ? [item] : []);
      found.push(...(await unlessFailed(failures, kept)).map(itemOf));
    }
    return found;
  }

  /**
   * A deleted customer may have been the tenant's that a payment names, which nobody can tell any more.
   */
  async #item(
    { records, catalog, ownerOf }: Run,
    payment: ReceivedPayment,
    isKnown: boolean,
  ): Promise<readonly AttentionItem[]> {
    const { id, customerId } = payment;
    const owner = customerId === null ? undefined : await ownerOf(customerId);
    const forNothing = moneyForNothing(payment, owner, catalog);
    if (forNothing === 0) {
      return [];
    }
    const mayBeTenants = !isKnown && payment.namesTenant && customerId !== null;
    if (mayBeTenants && (await records.isDeleted(customerId))) {
      return [];
    }
    const facts = { forNothing, owner: owner?.tenantId ?? null };
    return [foreignPayment(payment, { ...facts, kept: await records.keptMoney(id) }) ?? []].flat();
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

/** Whether an open item's subscription is no longer found: what was paid for it is named instead. */
function hasEnded({ kind, subject, state }: AttentionRecord, live: ReadonlySet<string>): boolean {
  return kind === "unexplained_subscription" && state === "open" && !live.has(subject);
}

/** What work brings; nothing where it failed, which is noted. */
async function unlessFailed<T>(
  failures: unknown[],
  work: () => Promise<readonly T[]>,
): Promise<readonly T[]> {
  try {
    return await work();
  } catch (error) {
    failures.push(error);
    return [];
  }
}
