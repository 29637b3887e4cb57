import type { AccountUseCases } from "../application/account_use_cases.ts";
import { ListAuditEntries } from "../application/audit/list_audit_entries.ts";
import type { EmailQuotaUseCases } from "../application/email_quota_use_cases.ts";
import { CheckReadiness } from "../application/installation/check_readiness.ts";
import { EndDuplicates } from "../application/subscription/end_duplicates.ts";
import { ReadSubscription } from "../application/subscription/read_subscription.ts";
import { SyncSubscription } from "../application/subscription/sync_subscription.ts";
import { AppendToLedger } from "../application/tokens/append_to_ledger.ts";
import { GrantMonthlyTokens } from "../application/tokens/grant_monthly_tokens.ts";
import { SyncTokenPacks } from "../application/tokens/sync_token_packs.ts";
import type { BillingPorts } from "./billing_ports.ts";

/** What the use cases of accounts are wired to. */
export type AccountDependencies = BillingPorts & Pick<EmailQuotaUseCases, "readUsage">;

/** Wires the use cases of accounts. */
export function wireAccounts(dependencies: AccountDependencies): AccountUseCases {
  const { settings } = dependencies;
  const { duplicatePolicy = "cancel-and-refund" } = settings;
  const endDuplicates = new EndDuplicates(dependencies, { duplicatePolicy });
  const appendToLedger = new AppendToLedger(dependencies);
  const grantMonthlyTokens = new GrantMonthlyTokens({ ...dependencies, appendToLedger }, settings);
  const syncTokenPacks = new SyncTokenPacks({ ...dependencies, appendToLedger });
  return {
    syncSubscription: new SyncSubscription({ ...dependencies, endDuplicates, syncTokenPacks }),
    syncTokenPacks,
    grantMonthlyTokens,
    readSubscription: new ReadSubscription({ ...dependencies, grantMonthlyTokens }, settings),
    listAuditEntries: new ListAuditEntries(dependencies),
    checkReadiness: new CheckReadiness(dependencies),
  };
}
