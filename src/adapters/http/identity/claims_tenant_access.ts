import type {
  Principal,
  TenantAccess,
  TenantRole,
} from "../../../application/ports/tenant_access.ts";

const ROLES: readonly string[] = ["OWNER", "ADMIN", "BILLING", "MEMBER"] satisfies TenantRole[];

/**
 * Memberships as the token's issuer states them, in a claim like
 * `[{"id": "clacme0001", "role": "ADMIN"}]`. Entries of any other form count for nothing; of
 * several for one tenant the first counts.
 */
export class ClaimsTenantAccess implements TenantAccess {
  readonly #claim: string;

  /** @param claim the claim's name */
  constructor(claim: string) {
    this.#claim = claim;
  }

  /** {@inheritDoc} */
  async roleIn(tenantId: string, { claims }: Principal): Promise<TenantRole | undefined> {
    const memberships = own(claims, this.#claim);
    if (!Array.isArray(memberships)) {
      return undefined;
    }
    return memberships
      .filter((membership) => own(membership, "id") === tenantId)
      .map((membership) => own(membership, "role"))
      .find(isRole);
  }
}

function own(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}

function isRole(role: unknown): role is TenantRole {
  return typeof role === "string" && ROLES.includes(role);
}
