import type { SnapshotPaymentMethod } from "../../../domain/subscription/customer_snapshot.ts";

/** An address as its owner wrote it. */
export interface PostalAddress {
  readonly line1: string | null;
  readonly line2: string | null;
  readonly postalCode: string | null;
  readonly city: string | null;
  readonly state: string | null;
  /** ISO 3166-1, two letters. */
  readonly country: string | null;
}

/** What has become of the check of a tax id with its authority. */
export const TAX_ID_STATUSES = ["pending", "verified", "unverified", "unavailable"] as const;

/** A number by which an authority knows a payer, such as a VAT id. */
export interface TaxId {
  /** Such as `eu_vat`; the kinds are Stripe's. */
  readonly type: string;
  readonly value: string;
  /** `null` where nobody checks ids of this kind. */
  readonly status: (typeof TAX_ID_STATUSES)[number] | null;
}

/** Whom the next invoice will name, and what it will be charged to. */
export interface BillingDetails {
  readonly name: string | null;
  readonly email: string | null;
  readonly address: PostalAddress | null;
  readonly taxIds: readonly TaxId[];
  /** What plans and automatic top-ups are charged to. */
  readonly paymentMethod: SnapshotPaymentMethod | null;
}
