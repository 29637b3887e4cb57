/** What a process that tells of changes is told. */
export interface TellingOrders {
  readonly store:
    | { readonly kind: "sqlite"; readonly path: string }
    | { readonly kind: "mongodb"; readonly url: string };
  /** The time by its clock, which stands; leases of earlier lives have ended by then. */
  readonly now: string;
  /** The tenants with the step of `STEPS` that each goes on with. */
  readonly tenants: readonly { readonly tenantId: string; readonly step: number }[];
  /** At which call of its store it dies, and whether that call is made; `null`: at none. */
  readonly death: { readonly call: number; readonly moment: Moment } | null;
}

/** `during`: the call is on its way. */
export const MOMENTS = ["before", "during", "after"] as const;
export type Moment = (typeof MOMENTS)[number];
