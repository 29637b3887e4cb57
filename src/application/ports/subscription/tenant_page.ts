/** A part of a list that ascends by the code units of tenants' ids. */
export interface TenantPage {
  /** Only tenants that come after this one. */
  readonly after?: string | undefined;
  readonly limit: number;
}
