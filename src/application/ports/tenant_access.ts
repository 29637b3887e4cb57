/** What a member of a tenant may do. OWNER, ADMIN and BILLING may spend the tenant's money. */
export type TenantRole = "OWNER" | "ADMIN" | "BILLING" | "MEMBER";

/** Who makes a request, as the verified token says. */
export interface Principal {
  /** The token's `sub`. */
  readonly userId: string;
  /** All verified claims. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Knows who belongs to which tenant. Throws `PortError` when it cannot tell. */
export interface TenantAccess {
  /** The principal's role in a tenant, or `undefined` for those who are not members (P35). */
  roleIn(tenantId: string, principal: Principal): Promise<TenantRole | undefined>;
}
