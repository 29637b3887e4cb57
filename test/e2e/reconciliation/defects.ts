import type { MovableStore } from "../../../src/application/ports/store_transfer.ts";
import type { DriftKind } from "../../../src/application/reconciliation/drift.ts";
import {
  type AccountSubscription,
  type BillingAccount,
  newAccount,
} from "../../../src/domain/subscription/billing_account.ts";
import { NO_STANDING, type Standing } from "../../../src/domain/subscription/standing.ts";
import { headMove } from "../../../src/domain/tokens/ledger_head.ts";
import { NO_LEDGER_KEYS } from "../../../src/domain/tokens/ledger_keys.ts";
import type { LedgerEntry } from "../../../src/domain/tokens/token_ledger.ts";
import type { Lives } from "./lives.ts";
import { entriesOf } from "./standing.ts";

const DAY_MS = 86_400_000;

/** Something that was made wrong about a tenant. */
export interface Defect {
  readonly tenantId: string;
  readonly name: string;
  /** As what it has to be found. */
  readonly kind: DriftKind;
}

interface Tenant {
  readonly account: BillingAccount;
  readonly ledger: readonly LedgerEntry[];
}

interface DefectMaker {
  readonly name: string;
  readonly kind: DriftKind;
  /** The tenant with the defect; `undefined` where this one cannot have it. */
  make(tenant: Tenant): Tenant | undefined;
}

const MAKERS: readonly DefectMaker[] = [
  { name: "lost account", kind: "subscription", make: () => ({ account: LOST, ledger: [] }) },
  ofAccount("lost customer link", "customer", (account) => ({ ...account, customerId: null })),
  ofSubscription("wrong status", "status", ({ status }) => ({
    status: status === "active" ? "past_due" : "active",
  })),
  ofSubscription("wrong plan", "plan", ({ planSlug }) => ({
    planSlug: planSlug === "pro" ? "starter" : "pro",
  })),
  ofSubscription("wrong interval", "plan", ({ interval }) => ({
    interval: interval === "month" ? "year" : "month",
  })),
  ofSubscription("period that did not roll", "period", ({ period }) => ({
    period: { start: new Date(+period.start - 30 * DAY_MS), end: period.start },
  })),
  ofSubscription("missing cancelAt", "cancellation", ({ cancelAt, endedAt }) =>
    cancelAt !== null && endedAt === null ? { cancelAt: null } : undefined,
  ),
  ofSubscription("missing end", "cancellation", ({ endedAt }) =>
    endedAt === null ? undefined : { endedAt: null, status: "active" },
  ),
  ofStanding("forgotten debt", "dunning", (standing) =>
    standing.debts.length === 0 ? undefined : { ...standing, debts: [] },
  ),
  ofStanding("lost paid period", "paid_period", (standing) =>
    standing.lines.length === 0 ? undefined : { ...standing, lines: [] },
  ),
  ofAccount("lost subscription", "subscription", (account) => ({
    ...account,
    subscription: null,
    standing: NO_STANDING,
  })),
  ofLedger("missing grant", "grant", ({ kind, source }) => kind === "grant" && source !== null),
  ofLedger("missing pack", "pack", ({ kind }) => kind === "pack"),
  ofLedger("missing reversal", "reversal", ({ kind }) => kind === "reversal"),
];

/** Stands for no account at all. */
const LOST = newAccount("lost");

/**
 * Copies all tenants from the undisturbed service into an empty store, each with one defect. The
 * ledgers are chained, so that what can be wrong with them is that their last entries are missing.
 *
 * @throws {TypeError} where some defect fits none of the tenants
 */
export async function seedDefects(lives: Lives, store: MovableStore): Promise<readonly Defect[]> {
  const defects: Defect[] = [];
  const made = new Map(MAKERS.map(({ name }) => [name, 0]));
  for (const tenantId of lives.tenants) {
    const account = await lives.twin.fixture.store.accounts.find(tenantId);
    const ledger = await entriesOf(lives.twin.fixture.store, tenantId);
    // The defect that was made least often so far and fits.
    const byCount = MAKERS.toSorted((a, b) => (made.get(a.name) ?? 0) - (made.get(b.name) ?? 0));
    for (const { name, kind, make } of byCount) {
      const spoilt = account && make({ account, ledger });
      if (spoilt !== undefined) {
        await put(store, spoilt);
        made.set(name, (made.get(name) ?? 0) + 1);
        defects.push({ tenantId, name, kind });
        break;
      }
    }
  }
  const unused = MAKERS.filter(({ name }) => made.get(name) === 0);
  if (unused.length > 0) {
    throw new TypeError(`Cannot seed: no tenant can have ${unused.map(({ name }) => name).join()}`);
  }
  return defects;
}

async function put(store: MovableStore, { account, ledger }: Tenant): Promise<void> {
  if (account !== LOST) {
    await store.transfer.restoreAccount(account);
  }
  for (const [index, entry] of ledger.entries()) {
    await store.ledger.append(entry, headMove(ledger[index - 1], entry, NO_LEDGER_KEYS));
  }
}

function ofAccount(
  name: string,
  kind: DriftKind,
  change: (account: BillingAccount) => BillingAccount | undefined,
): DefectMaker {
  return {
    name,
    kind,
    make: ({ account, ledger }) => {
      const changed = account.subscription === null ? undefined : change(account);
      return changed && { account: changed, ledger };
    },
  };
}

function ofSubscription(
  name: string,
  kind: DriftKind,
  change: (subscription: AccountSubscription) => Partial<AccountSubscription> | undefined,
): DefectMaker {
  return ofAccount(name, kind, (account) => {
    const changed = account.subscription && change(account.subscription);
    return changed && account.subscription
      ? { ...account, subscription: { ...account.subscription, ...changed } }
      : undefined;
  });
}

function ofStanding(
  name: string,
  kind: DriftKind,
  change: (standing: Standing) => Standing | undefined,
): DefectMaker {
  return ofAccount(name, kind, (account) => {
    const standing = account.standing === null ? undefined : change(account.standing);
    return standing && { ...account, standing };
  });
}

/** The ledger without the last entry that is like that, and without those after it. */
function ofLedger(
  name: string,
  kind: DriftKind,
  isIt: (entry: LedgerEntry) => boolean,
): DefectMaker {
  return {
    name,
    kind,
    make: ({ account, ledger }) => {
      const index = ledger.findLastIndex(isIt);
      const isRecent = index >= 0 && (kind !== "grant" || index >= ledger.length - 2);
      return isRecent ? { account, ledger: ledger.slice(0, index) } : undefined;
    },
  };
}
