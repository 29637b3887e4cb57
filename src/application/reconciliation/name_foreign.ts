import type { AttentionItem, AttentionRecord } from "../../domain/attention/attention_item.ts";
import { type AttentionKind, attentionItem } from "../../domain/attention/attention_kinds.ts";
import {
  type ForeignSubscription,
  foreignSubscription,
  type ReceivedPayment,
} from "../../domain/subscription/findings/foreign.ts";
import { requireCatalog } from "../catalog/require_catalog.ts";
import type { AttentionStore } from "../ports/attention/attention_store.ts";
import type { CatalogStore } from "../ports/catalog/catalog_store.ts";
import type { Clock } from "../ports/clock.ts";
import type {
  BackgroundPayments,
  ManagedEndpoint,
  PaymentRecords,
} from "../ports/subscription/payment_records.ts";
import { type ClearingPorts, clearIfGivenBack, isLeft, LEFT_KINDS } from "./left_items.ts";
import {
  itemsOf,
  type JudgingPorts,
  type Suspect,
  suspectOf,
  tenantNamed,
  unlessFailed,
} from "./payments_for_nothing.ts";
import type { LostCustomers } from "./read_lists.ts";

/** The kinds that only a comparison judges: of no tenant, and of one. */
const KINDS = [
  "unexplained_subscription",
  "unexplained_payment",
  "webhook_endpoint_disabled",
] as const satisfies readonly AttentionKind[];
const TENANT_KINDS = [
  "misplaced_subscription",
  "payment_without_sale",
] as const satisfies readonly AttentionKind[];
const DAY_MS = 86_400_000;
/** Payments of this time are looked through; those that are named stay until they are given back. */
const PAYMENT_DAYS = 30;
/** So many payments that cannot be read mean that the provider or the store is down. */
const MOST_FAILURES = 25;

/** What a run works with. */
interface Run {
  readonly payments: Pick<BackgroundPayments, "gateway" | "records">;
  readonly signal: AbortSignal;
  /** The tenants whose customers say that they are, but are not. */
  readonly strangers: ReadonlyMap<string, string>;
  /** Why some of it could not be read. */
  readonly failures: unknown[];
}

/** The dependencies of `NameForeign`. */
export interface NameForeignPorts extends JudgingPorts {
  readonly attention: Pick<AttentionStore, "knownOf">;
  readonly catalog: CatalogStore;
  readonly nameAttention: ClearingPorts["nameAttention"];
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
   * @param lost customers that no account has
   * @returns why some of it could not be read
   * @throws {PortError}
   */
  async execute({
    payments,
    foreign,
    lost,
    signal,
  }: {
    payments: Pick<BackgroundPayments, "gateway" | "records">;
    foreign: readonly ForeignSubscription[];
    lost: LostCustomers;
    signal: AbortSignal;
  }): Promise<readonly unknown[]> {
    const failures: unknown[] = [];
    const strangers = new Map(
      [...lost].flatMap(([tenantId, ids]) => ids.map((id) => [id, tenantId] as const)),
    );
    const run = { payments, signal, strangers, failures };
    const known = await this.#ports.attention.knownOf([...KINDS, ...TENANT_KINDS, ...LEFT_KINDS]);
    const own = known.filter(isOwn);
    const left = known.filter(isLeft);
    const subscriptions = await this.#subscriptions(foreign, run);
    const found = [
      ...subscriptions,
      ...(await this.#payments(run, { own, left, subscriptions })),
      ...(await unlessFailed(failures, () => this.#endpoints(payments.records))),
    ];
    if (!signal.aborted) {
      await this.#name(found, { own, failures });
    }
    for (const item of left.filter(({ state }) => state === "open")) {
      if (signal.aborted) {
        break;
      }
      await unlessFailed(failures, () => clearIfGivenBack(this.#ports, item, payments));
    }
    return failures;
  }

  async #name(
    found: readonly AttentionItem[],
    { own, failures }: { own: readonly AttentionRecord[]; failures: unknown[] },
  ): Promise<void> {
    const looked = failures.length === 0 ? [...KINDS, ...TENANT_KINDS] : [];
    const foundOf = Map.groupBy(found, ({ tenantId }) => tenantId);
    const knownOf = Map.groupBy(own, ({ tenantId }) => tenantId);
    for (const tenantId of new Set([...foundOf.keys(), ...knownOf.keys()])) {
      await unlessFailed(failures, async () => {
        const account = tenantId === null ? undefined : await this.#ports.accounts.find(tenantId);
        await this.#ports.nameAttention.execute({
          tenantId,
          revision: account?.revision ?? 0,
          found: foundOf.get(tenantId) ?? [],
          looked,
          known: knownOf.get(tenantId) ?? [],
        });
        return [];
      });
    }
  }

  async #subscriptions(
    foreign: readonly ForeignSubscription[],
    { strangers, failures }: Run,
  ): Promise<AttentionItem[]> {
    const { accounts } = this.#ports;
    const found: AttentionItem[] = [];
    for (const subscription of foreign) {
      const { customerId } = subscription;
      const named = await unlessFailed(failures, async () => {
        if ((await accounts.findByCustomer(customerId)) !== undefined) {
          return [];
        }
        const says = subscription.tenantId ?? strangers.get(customerId) ?? null;
        const tenant = await tenantNamed(accounts, says);
        return [foreignSubscription(subscription, tenant?.tenantId ?? null)];
      });
      found.push(...named);
    }
    return found;
  }

  async #payments(
    run: Run,
    {
      own,
      left,
      subscriptions,
    }: {
      own: readonly AttentionRecord[];
      left: readonly AttentionRecord[];
      subscriptions: readonly AttentionItem[];
    },
  ): Promise<readonly AttentionItem[]> {
    const { payments, signal, failures } = run;
    const catalog = await requireCatalog(this.#ports.catalog);
    const since = new Date(this.#ports.clock().getTime() - PAYMENT_DAYS * DAY_MS);
    const live = new Set(subscriptions.map(({ subject }) => subject));
    const suspects = new Map<string, Suspect>();
    const suspect = async (payment: ReceivedPayment) => {
      const found = await unlessFailed(failures, () => suspectOf(this.#ports, payment, catalog));
      for (const one of found) {
        suspects.set(payment.id, one);
      }
    };
    const read = async (list: AsyncIterable<ReceivedPayment>) => {
      for await (const payment of list) {
        if (signal.aborted || failures.length >= MOST_FAILURES) {
          break;
        }
        if (payment.subscriptionId === null || !live.has(payment.subscriptionId)) {
          await suspect(payment);
        }
      }
      return [];
    };
    await unlessFailed(failures, () => read(payments.records.payments(since)));
    for (const { subject } of own.filter((one) => hasEnded(one, live))) {
      await unlessFailed(failures, () => read(payments.records.paymentsFor(subject)));
    }
    for (const { subject } of own.filter((one) => isEarlierPayment(one, since))) {
      const [payment] = await unlessFailed(failures, async () => [
        await payments.records.payment(subject),
      ]);
      if (payment) {
        await suspect(payment);
      }
    }
    const judging = { ...run, catalog, named: new Set(left.map(({ subject }) => subject)) };
    return await unlessFailed(failures, () =>
      itemsOf(this.#ports, judging, [...suspects.values()]),
    );
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

/** Whether a comparison alone judges an item. */
function isOwn({ tenantId, kind }: AttentionRecord): boolean {
  const kinds: readonly string[] = tenantId === null ? KINDS : TENANT_KINDS;
  return kinds.includes(kind);
}

/** Whether an open item's subscription is no longer found: what was paid for it is named instead. */
function hasEnded({ kind, subject, state }: AttentionRecord, live: ReadonlySet<string>): boolean {
  const isSubscription = kind === "unexplained_subscription" || kind === "misplaced_subscription";
  return isSubscription && state === "open" && !live.has(subject);
}

/** Whether an item is about a payment that is no longer listed. */
function isEarlierPayment({ kind, since }: AttentionRecord, listedSince: Date): boolean {
  return (kind === "unexplained_payment" || kind === "payment_without_sale") && since < listedSince;
}
