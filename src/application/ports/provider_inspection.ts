/** What a harmless request reveals about the payment provider and our key. */
export interface ProviderFacts {
  /** Whether the provider accepts the secret key. */
  readonly keyAccepted: boolean;
  /** The API version of the answer; `null` if it names none. */
  readonly apiVersion: string | null;
  /** Whether the objects it showed are live; `null` if it showed none. */
  readonly livemode: boolean | null;
}

/** A kind of object that billing must read or write but the secret key may not. */
export interface MissingPermission {
  /** The kind of object, such as `subscriptions`. */
  readonly resource: string;
  readonly access: "read" | "write";
  /** The provider's name for the permission; `null` if it did not say. */
  readonly permission: string | null;
}

/** What the provider needs to compute tax. */
export interface TaxSetup {
  readonly isReady: boolean;
  /** What it lacks, by the provider's names. */
  readonly missing: readonly string[];
  /** Whether it knows how prices relate to tax that do not say so themselves. */
  readonly hasDefault: boolean;
}

/**
 * Inspects the payment provider's side without changing anything. Every method throws `PortError`.
 */
export interface ProviderInspection {
  /** Makes a harmless request. A rejected key is a result, not an error. */
  inspect(): Promise<ProviderFacts>;

  /**
   * Lists what billing reads or writes but the key may not. Writing is tried on objects that do not
   * exist.
   */
  missingPermissions(): Promise<readonly MissingPermission[]>;

  /** Reads how the computation of tax is set up. */
  taxSetup(): Promise<TaxSetup>;
}
