import type { BillingAccount } from "../../domain/subscription/billing_account.ts";
import { PortError } from "./port_error.ts";

/** An operator has ended the tenant: it sends, spends and buys nothing any more (P44). */
export class TenantEndedError extends PortError {
  constructor(tenantId: string) {
    super(`Cannot serve "${tenantId}": it has been ended`, { transient: false });
  }
}

/**
 * Refuses to sell anything to a tenant that has ended or will end.
 *
 * @throws {TenantEndedError}
 */
export function requireNotEnding({ tenantId, ending }: BillingAccount): void {
  if (ending !== null) {
    throw new TenantEndedError(tenantId);
  }
}
