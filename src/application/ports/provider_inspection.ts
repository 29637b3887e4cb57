/** How the payment provider answered a harmless request. */
export interface ProviderFacts {
  /** Whether the secret key is one of the provider's. */
  readonly keyAccepted: boolean;
  /** The API version in which it answered; `null` where it did not say. */
  readonly apiVersion: string | null;
  /** Whether what it showed is live; `null` where there was nothing to show. */
  readonly livemode: boolean | null;
}

/** Something that the secret key must be allowed to read, and is not. */
export interface MissingPermission {
  /** What billing reads: `subscriptions`. */
  readonly resource: string;
  /** The permission's name at the provider; `null` where it did not say. */
  readonly permission: string | null;
}

/** Looks at the payment provider's side without changing anything. Every method throws `PortError`. */
export interface ProviderInspection {
  /** A key that is not accepted is an answer, no error. */
  inspect(): Promise<ProviderFacts>;

  /** What the key may not read of all that billing reads. Writing cannot be tried. */
  missingPermissions(): Promise<readonly MissingPermission[]>;
}
