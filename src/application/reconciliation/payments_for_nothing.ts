import type { AttentionItem } from "../../domain/attention/attention_item.ts";
import type { Catalog } from "../../domain/catalog/catalog.ts";
import { type BillingAccount, isTenantId } from "../../domain/subscription/billing_account.ts";
import {
  foreignPayment,
  gaveSomething,
  moneyForExtras,
  moneyForNothing,
  type ReceivedPayment,
} from "../../domain/subscription/findings/foreign.ts";
import { dueBack } from "../../domain/subscription/reversal_findings.ts";
import { packKey } from "../../domain/tokens/token_ledger_packs.ts";
import {
  type AccountRecordStore,
  type AccountStore,
  isReadable,
} from "../ports/subscription/account_store.ts";
import type { BackgroundPayments } from "../ports/subscription/payment_records.ts";
import type { AppendableLedger } from "../ports/tokens/token_ledger_store.ts";

const ACCOUNTS_PER_PAGE = 100;

/** The stores that tell what a payment has given. */
export interface JudgingPorts {
  readonly accounts: Pick<AccountStore, "find" | "findByCustomer">;
  /** Lists the accounts of all tenants. */
  readonly records: Pick<AccountRecordStore, "list">;
  readonly ledger: Pick<AppendableLedger, "find">;
}

/** Money that gives nothing, as far as its customer tells. */
export interface Suspect {
  readonly payment: ReceivedPayment;
  /** Whose customer paid; undefined if nobody's, or no longer anybody's. */
  readonly owner: BillingAccount | undefined;
}

/** What judging needs beside the stores. */
export interface Judging {
  readonly payments: Pick<BackgroundPayments, "gateway" | "records">;
  /** Ends the judging, unfinished. */
  readonly signal: AbortSignal;
  readonly catalog: Catalog;
  /** The tenants whose customers say that they are, but are not. */
  readonly strangers: ReadonlyMap<string, string>;
  /** What tenants' looks have named already: invoices and Checkouts. */
  readonly named: ReadonlySet<string>;
  /** Why some could not be judged. */
  readonly failures: unknown[];
}

/** A payment if it gives nothing, as far as its customer tells. @throws {PortError} */
export async function suspectOf(
  { accounts }: Pick<JudgingPorts, "accounts">,
  payment: ReceivedPayment,
  catalog: Catalog,
): Promise<readonly Suspect[]> {
  const { customerId } = payment;
  const owner = customerId === null ? undefined : await accounts.findByCustomer(customerId);
  return moneyForNothing(payment, owner, catalog) > 0 ? [{ payment, owner }] : [];
}

/**
 * The items about those suspects that gave nothing and were not given back. What a tenant got for
 * money of a customer that it no longer has is known here: by the subscriptions that were in force,
 * and by its ledger.
 *
 * @throws {PortError} when the accounts cannot be listed
 */
export async function itemsOf(
  ports: JudgingPorts,
  judging: Judging,
  suspects: readonly Suspect[],
): Promise<readonly AttentionItem[]> {
  const nobodys = suspects.filter(({ owner }) => owner === undefined);
  const ids = new Set(nobodys.flatMap(({ payment }) => payment.subscriptionId ?? []));
  const holders = await holdersOf(ports, ids, judging);
  const found: AttentionItem[] = [];
  for (const suspect of suspects) {
    if (judging.signal.aborted) {
      break;
    }
    const item = () => itemOf(ports, judging, { ...suspect, holders });
    found.push(...(await unlessFailed(judging.failures, item)));
  }
  return found;
}

/** Whose subscriptions were in force, of those that are asked for. Reads all accounts, if any are. */
async function holdersOf(
  { records }: Pick<JudgingPorts, "records">,
  subscriptionIds: ReadonlySet<string>,
  { signal }: Pick<Judging, "signal">,
): Promise<ReadonlyMap<string, BillingAccount>> {
  const holders = new Map<string, BillingAccount>();
  let after: string | undefined;
  while (subscriptionIds.size > 0 && !signal.aborted) {
    const page = await records.list({ after, limit: ACCOUNTS_PER_PAGE });
    after = page.at(-1)?.tenantId;
    if (after === undefined) {
      break;
    }
    for (const account of page.filter(isReadable)) {
      for (const id of account.inForce.filter((one) => subscriptionIds.has(one))) {
        holders.set(id, account);
      }
    }
  }
  return holders;
}

async function itemOf(
  ports: JudgingPorts,
  judging: Judging,
  { payment, owner, holders }: Suspect & { holders: ReadonlyMap<string, BillingAccount> },
): Promise<readonly AttentionItem[]> {
  const { payments, catalog, strangers } = judging;
  const { id, customerId, subscriptionId } = payment;
  const holder = holders.get(subscriptionId ?? "");
  const named = await tenantNamed(
    ports.accounts,
    payment.tenantId ?? strangers.get(customerId ?? "") ?? null,
  );
  const wasOwn = holder !== undefined && gaveSomething(holder, payment);
  const of = owner ?? (wasOwn ? holder : undefined);
  const isEarlier = owner === undefined && of !== undefined;
  const forNothing = Math.max(
    moneyForNothing(payment, of, catalog),
    isEarlier ? moneyForExtras(payment, catalog) : 0,
    isEarlier ? dueBack(of, { id, amountPaid: payment.amount }) : 0,
  );
  if (forNothing === 0 || (owner === undefined && (await isKnown(ports, payment, judging)))) {
    return [];
  }
  const kept = await payments.gateway.keptMoney(id);
  const tenantId = (owner ?? holder ?? named)?.tenantId ?? null;
  const facts = { kept, forNothing, owner: owner?.tenantId ?? null, tenantId };
  return [foreignPayment(payment, facts) ?? []].flat();
}

/**
 * Whether a look has named a payment already, or the ledger of the tenant for whom it bought a pack
 * has its tokens.
 */
async function isKnown(
  { ledger }: Pick<JudgingPorts, "ledger">,
  { id, packFor }: ReceivedPayment,
  { named, payments }: Judging,
): Promise<boolean> {
  if (named.has(id)) {
    return true;
  }
  if (packFor === null || !isTenantId(packFor)) {
    return false;
  }
  for (const sale of [id, await payments.records.checkoutOf(id)]) {
    if (sale !== null && (named.has(sale) || (await ledger.find(packFor, packKey(sale))))) {
      return true;
    }
  }
  return false;
}

/** The account of a tenant that something names; undefined if there is none of this id. */
export async function tenantNamed(
  accounts: Pick<AccountStore, "find">,
  tenantId: string | null,
): Promise<BillingAccount | undefined> {
  return tenantId !== null && isTenantId(tenantId) ? await accounts.find(tenantId) : undefined;
}

/** What work brings; nothing where it failed, which is noted. */
export async function unlessFailed<T>(
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
