import type { BillingPorts } from "../ports/billing_ports.ts";
import { RefreshEmailQuota } from "../quota/refresh_email_quota.ts";
import { type LedgerPorts, ledgerUseCases } from "../tokens/use_cases.ts";
import { CurrentEmailQuota } from "./current_email_quota.ts";
import { CurrentTokens } from "./current_tokens.ts";
import { EndDuplicates } from "./end_duplicates.ts";
import { FollowReversals } from "./follow_reversals.ts";
import { LookWhenDue } from "./look_when_due.ts";
import { SynchronizeTenant, type SynchronizeTenantDependencies } from "./synchronize_tenant.ts";

/** The ports for synchronising tenants with the payment provider, over any ledger. */
export type SynchronizationPorts = LedgerPorts &
  Pick<
    BillingPorts,
    | "payments"
    | "snapshots"
    | "raiseAlert"
    | "attention"
    | "usage"
    | "leases"
    | "clock"
    | "accounts"
    | "catalog"
  > &
  Pick<SynchronizeTenantDependencies, "nameAttention">;

/** The settings of synchronisation. */
export interface SynchronizationSettings {
  readonly graceDays: number;
  readonly quotaMaxAgeSeconds: number;
  readonly refundDuplicates: boolean;
  readonly chargebackPolicy: "report" | "end";
}

/**
 * Creates the use cases that keep everything about a tenant in line with the payment provider.
 *
 * @param over replacements for some parts, when nothing but a comparison is wanted
 */
export function synchronizationUseCases(
  ports: SynchronizationPorts,
  settings: SynchronizationSettings,
  over: Partial<Pick<SynchronizeTenantDependencies, "refreshEmailQuota">> = {},
) {
  const ledger = ledgerUseCases(ports, settings);
  const refreshEmailQuota = new RefreshEmailQuota(ports, settings);
  const endDuplicates = new EndDuplicates(ports, settings);
  const followReversals = new FollowReversals(ports, settings);
  const synchronizeTenant = new SynchronizeTenant(
    { ...ports, ...ledger, refreshEmailQuota, endDuplicates, followReversals, ...over },
    settings,
  );
  const lookWhenDue = new LookWhenDue({ ...ports, synchronizeTenant });
  return {
    ...ledger,
    refreshEmailQuota,
    synchronizeTenant,
    lookWhenDue,
    currentTokens: new CurrentTokens({ ...ledger, lookWhenDue }),
    currentEmailQuota: new CurrentEmailQuota({ refreshEmailQuota, lookWhenDue }),
  };
}

/** The use cases that keep tenants in line with the payment provider. */
export type SynchronizationUseCases = ReturnType<typeof synchronizationUseCases>;
