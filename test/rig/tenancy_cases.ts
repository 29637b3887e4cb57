import { TENANT } from "../samples/account.ts";
import { type Claims, FOREIGN_TENANT } from "../samples/http.ts";
import type { Operation } from "./api_operations.ts";

/** Somebody who asks, and what they are answered. */
export interface Case {
  readonly who: string;
  readonly claims: Claims | null;
  readonly tenantId?: string;
  /** `null`: they are let through. */
  readonly refused: readonly [status: number, code: string] | null;
}

const EXPIRED = { exp: Math.floor(Date.now() / 1_000) - 600 };

/** Everybody who might ask, by what the document says of an operation. */
export function casesOf({ codes, scopes }: Operation): Case[] {
  const everybody: Case = { who: "nobody", claims: null, refused: null };
  if (!codes.has("token_missing")) {
    return [everybody];
  }
  const right = rightClaims(codes, scopes);
  const cases: Case[] = [
    { ...everybody, refused: [401, "token_missing"] },
    { who: "an expired token", claims: { ...right, ...EXPIRED }, refused: [401, "token_expired"] },
    { who: "the right token", claims: right, refused: null },
  ];
  const other = [{ id: FOREIGN_TENANT, role: "OWNER" }];
  if (codes.has("not_a_member")) {
    const refused = [403, "not_a_member"] as const;
    cases.push(
      { who: "a member of another tenant", claims: { ...right, tenants: other }, refused },
      { who: "a member of none", claims: { ...right, tenants: [] }, refused },
    );
  }
  if (codes.has("tenants_restricted")) {
    const claims = { ...right, tenants: [{ id: TENANT, role: "OWNER" }] };
    cases.push({ who: "an operator of one tenant", claims, refused: [403, "tenants_restricted"] });
  }
  if (codes.has("role_insufficient")) {
    const claims = { ...right, tenants: [{ id: TENANT, role: "MEMBER" }] };
    cases.push({ who: "a plain member", claims, refused: [403, "role_insufficient"] });
  }
  if (codes.has("scope_insufficient")) {
    const claims = { ...right, tenants: "*", scope: "billing:other openid" };
    cases.push({ who: "a service of another scope", claims, refused: [403, "scope_insufficient"] });
  }
  return cases;
}

/** Claims that an operation lets through. */
export function rightClaims(codes: ReadonlySet<string>, scopes: readonly string[]): Claims {
  return codes.has("scope_insufficient") && scopes.length > 0
    ? { tenants: "*", scope: scopes.join(" ") }
    : { tenants: [{ id: TENANT, role: "OWNER" }] };
}
