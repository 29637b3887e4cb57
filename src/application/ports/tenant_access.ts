/** What a member of a tenant may do. OWNER, ADMIN and BILLING may spend the tenant's money. */
export type TenantRole = "OWNER" | "ADMIN" | "BILLING" | "MEMBER";

/** The authenticated user of a request. */
export interface Principal {
  /** The token's `sub`. */
  readonly userId: string;
  /** All verified claims. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Knows the members of each tenant. Throws `PortError` if it cannot tell. */
export interface TenantAccess {
  /** Returns the user's role in a tenant; `undefined` if they are not a member (P35). */
  roleIn(tenantId: string, principal: Principal): Promise<TenantRole | undefined>;
}
