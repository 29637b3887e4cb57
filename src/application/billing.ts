import type { attentionUseCases } from "./attention/use_cases.ts";
import type { auditUseCases } from "./audit/use_cases.ts";
import type { catalogUseCases } from "./catalog/use_cases.ts";
import type { checkoutUseCases } from "./checkout/use_cases.ts";
import type { eventUseCases } from "./events/use_cases.ts";
import type { installationUseCases } from "./installation/use_cases.ts";
import type { RequestCounts } from "./limits/request_counts.ts";
import type { notificationUseCases } from "./notifications/use_cases.ts";
import type { CauseScope } from "./ports/audit/cause_scope.ts";
import type { quotaUseCases } from "./quota/use_cases.ts";
import type { reconciliationUseCases } from "./reconciliation/use_cases.ts";
import type { subscriptionUseCases } from "./subscription/use_cases.ts";
import type { synchronizationUseCases } from "./synchronization/use_cases.ts";
import type { tokenUseCases } from "./tokens/use_cases.ts";

/** The use cases of all rooms. */
type UseCases = ReturnType<typeof attentionUseCases> &
  ReturnType<typeof auditUseCases> &
  ReturnType<typeof catalogUseCases> &
  ReturnType<typeof checkoutUseCases> &
  ReturnType<typeof eventUseCases> &
  ReturnType<typeof installationUseCases> &
  ReturnType<typeof notificationUseCases> &
  ReturnType<typeof quotaUseCases> &
  ReturnType<typeof reconciliationUseCases> &
  ReturnType<typeof subscriptionUseCases> &
  ReturnType<typeof synchronizationUseCases> &
  ReturnType<typeof tokenUseCases>;

/** All use cases of billing: what HTTP, the workers and host services call. */
export interface Billing extends Readonly<UseCases> {
  /** Names the cause of the current work for the audit trail (P38). */
  readonly causes: CauseScope;
  /** Counts requests for limits that hold for all processes together. */
  readonly requestCounts: RequestCounts;
}
