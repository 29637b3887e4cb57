import type { Billing } from "../../application/billing.ts";

/**
 * Refuses the id of a tenant that is probably a typing error.
 *
 * @throws {Error} where nothing is known of such a tenant
 */
export async function expectKnownTenant(
  tenantId: string,
  { knowsTenant }: Pick<Billing, "knowsTenant">,
): Promise<void> {
  if (!(await knowsTenant.execute({ tenantId }))) {
    throw new Error(
      `Cannot find "${tenantId}": no tenant of this id has an account, tokens or e-mails`,
    );
  }
}
