/** What a service that can be killed is told. */
export interface Orders {
  readonly store:
    | { readonly kind: "sqlite"; readonly path: string }
    | { readonly kind: "mongodb"; readonly url: string };
  readonly stripeUrl: string;
  readonly webhookSecret: string;
  readonly port: number;
  /** How far its clock is ahead. Milliseconds. */
  readonly offsetMs: number;
}
