import { attentionItem } from "../../domain/attention/attention_kinds.ts";
import {
  type BillingAccount,
  type EndingRefund,
  newAccount,
} from "../../domain/subscription/billing_account.ts";
import { type EndingPlan, type EndingWish, endingPlan } from "../../domain/subscription/ending.ts";
import type { NameAttentionCommand } from "../attention/name_attention.ts";
import { requireCatalog } from "../catalog/require_catalog.ts";
import type { CatalogStore } from "../ports/catalog/catalog_store.ts";
import type { Clock } from "../ports/clock.ts";
import { PortError } from "../ports/port_error.ts";
import type { AccountStore } from "../ports/subscription/account_store.ts";
import type { CustomerSnapshots } from "../ports/subscription/customer_snapshots.ts";
import type { PaymentGateway } from "../ports/subscription/payment_gateway.ts";
import type { TopUpStore } from "../ports/tokens/top_up_store.ts";
import type { KnowsTenant } from "./knows_tenant.ts";
import { updateAccount } from "./update_account.ts";

/** A tenant to end. */
export interface EndTenantCommand extends EndingWish {
  readonly tenantId: string;
  /** Only tells what would be done. */
  readonly dryRun?: boolean;
}

/** What was done, or would be. */
export interface EndedTenant extends EndingPlan {
  /** Its customer at the provider; `null` for none. */
  readonly customerId: string | null;
  /** Open Checkouts, which are closed. */
  readonly checkoutIds: readonly string[];
  /** Why the provider refuses the refund; `null` if it does not. */
  readonly refundProblem: string | null;
}

/** An end that is saved and is to be carried out. */
type SavedEnd = Omit<EndedTenant, "refundProblem">;

/** The outcome of ending a tenant. */
export type EndTenantOutcome =
  | ({ readonly type: "ended" } & EndedTenant)
  /** Nothing is known of it. */
  | { readonly type: "unknown" };

/** The dependencies of `EndTenant`. */
export interface EndTenantPorts {
  readonly accounts: AccountStore;
  readonly knowsTenant: KnowsTenant;
  readonly topUps: TopUpStore;
  readonly catalog: CatalogStore;
  readonly snapshots: CustomerSnapshots;
  readonly payments: PaymentGateway;
  readonly syncTokenPacks: { execute(command: { tenantId: string }): Promise<unknown> };
  readonly synchronizeTenant: { execute(command: { tenantId: string }): Promise<unknown> };
  readonly nameAttention: { execute(command: NameAttentionCommand): Promise<unknown> };
  readonly clock: Clock;
}

/**
 * Ends a tenant (P44): nothing is sold to it from the moment that its end is saved, with the entry in
 * the audit trail; then its Checkouts are closed, its subscriptions cancelled, money given back, its
 * customer emptied or deleted where that is wanted. The books stay. Every step is safe to repeat, so whoever
 * was cut off anywhere asks again.
 */
export class EndTenant {
  readonly #ports: EndTenantPorts;

  constructor(ports: EndTenantPorts) {
    this.#ports = ports;
  }

  /** @throws {PortError} */
  async execute({
    tenantId,
    dryRun = false,
    ...wish
  }: EndTenantCommand): Promise<EndTenantOutcome> {
    if (!(await this.#ports.knowsTenant.execute({ tenantId }))) {
      return { type: "unknown" };
    }
    const found = (await this.#ports.accounts.find(tenantId)) ?? newAccount(tenantId);
    const plan = await this.#plan(found, wish);
    const { customerId } = found;
    const checkouts =
      customerId === null
        ? []
        : await this.#ports.payments.openCheckouts(customerId, { packs: true });
    const checkoutIds = checkouts.map(({ id }) => id);
    if (dryRun) {
      const { refund } = plan.ending;
      const refundProblem = refund && (await this.#refund(tenantId, refund, { dryRun }));
      return { type: "ended", ...plan, customerId, checkoutIds, refundProblem };
    }
    const saved = await this.#save(tenantId, wish);
    try {
      const refundProblem = await this.#carryOut(tenantId, { ...saved, customerId, checkoutIds });
      return { type: "ended", ...saved, customerId, checkoutIds, refundProblem };
    } catch (error) {
      throw isPlain(error) ? unfinished(tenantId, error) : error;
    }
  }

  /** Does what the saved end asks for; returns why the refund is refused, if it is. */
  async #carryOut(tenantId: string, end: SavedEnd): Promise<string | null> {
    const { payments, synchronizeTenant } = this.#ports;
    const { ending, endsNow, subscriptionIds, checkoutIds, customerId } = end;
    await this.#stopTopUps(tenantId);
    for (const id of checkoutIds) {
      await payments.expireCheckout(id);
    }
    for (const id of subscriptionIds) {
      await (endsNow ? payments.cancelSubscription(id) : payments.cancelAtPeriodEnd(id));
    }
    const refundProblem = ending.refund && (await this.#refund(tenantId, ending.refund));
    if (ending.refund !== null && refundProblem !== null) {
      await this.#nameRefused(tenantId, ending.refund);
    }
    if (customerId !== null && ending.redact !== null && endsNow) {
      if (ending.redact === "delete") {
        await this.#settlePacks(tenantId);
      }
      await payments.redactCustomer(customerId, ending.redact);
    }
    await synchronizeTenant.execute({ tenantId });
    return refundProblem;
  }

  async #plan(account: BillingAccount, wish: EndingWish): Promise<EndingPlan> {
    const { snapshots, catalog, clock } = this.#ports;
    const { customerId } = account;
    const snapshot = customerId === null ? null : await snapshots.read(customerId);
    const question = { catalog: await requireCatalog(catalog), wish, now: clock() };
    return endingPlan(account, snapshot, question);
  }

  /** Saves the end; decides it on the account that it is saved in. */
  async #save(tenantId: string, wish: EndingWish): Promise<EndingPlan> {
    const seen: { plan?: EndingPlan } = {};
    await updateAccount(this.#ports.accounts, tenantId, async (account) => {
      const plan = await this.#plan(account, wish);
      seen.plan = plan;
      return { ...account, ending: plan.ending };
    });
    if (seen.plan === undefined) {
      throw new TypeError(`Cannot end "${tenantId}": nothing was decided`);
    }
    return seen.plan;
  }

  /** What was begun and is not paid yet is given up by whoever continues it. */
  async #stopTopUps(tenantId: string): Promise<void> {
    const { topUps } = this.#ports;
    for (;;) {
      const topUp = await topUps.find(tenantId);
      if (topUp === undefined || !topUp.enabled) {
        return;
      }
      await topUps.save({ ...topUp, enabled: false });
    }
  }

  /**
   * Credits or names the packs that were paid for, because nobody can list what a deleted customer
   * has bought. A top-up that is under way comes first: the worker charges it or gives it up.
   */
  async #settlePacks(tenantId: string): Promise<void> {
    const { topUps, syncTokenPacks } = this.#ports;
    if (((await topUps.find(tenantId))?.open ?? null) !== null) {
      throw new PortError(
        `Cannot delete the customer of "${tenantId}" yet: a top-up is under way; ask again in a minute`,
        { transient: true },
      );
    }
    await syncTokenPacks.execute({ tenantId });
  }

  /** Gives money back; returns why that is refused for good, which prevents nothing else. */
  async #refund(
    tenantId: string,
    { invoiceId, amount }: EndingRefund,
    { dryRun = false } = {},
  ): Promise<string | null> {
    try {
      const purpose = `end-tenant:${tenantId}`;
      await this.#ports.payments.refundPart({ invoiceId, amount, purpose, dryRun });
      return null;
    } catch (error) {
      if (error instanceof PortError && !error.transient) {
        return error.message;
      }
      throw error;
    }
  }

  /** Names a refund that is refused for good, unless some of it was given back in another way. */
  async #nameRefused(tenantId: string, { invoiceId, ...money }: EndingRefund): Promise<void> {
    const { accounts, payments, nameAttention, clock } = this.#ports;
    if ((await payments.keptMoney(invoiceId)).amount >= money.amount) {
      const revision = (await accounts.find(tenantId))?.revision ?? 0;
      const facts = { tenantId, subject: invoiceId, money, since: clock() };
      const found = [attentionItem("refund_failed", facts)];
      await nameAttention.execute({ tenantId, revision, found, looked: [] });
    }
  }
}

/** Whether a failure is of no kind of its own, which others tell apart. */
function isPlain(error: unknown): error is PortError {
  return error instanceof PortError && error.constructor === PortError;
}

/** Tells that the tenant has its end, though the rest could not be done. */
function unfinished(tenantId: string, cause: PortError): PortError {
  const { transient, keySpent, replayed } = cause;
  return new PortError(
    `The end of "${tenantId}" is saved, but not all that it asks for is done; ask again: ${cause.message}`,
    { transient, keySpent, replayed, cause },
  );
}
