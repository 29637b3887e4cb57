import type { WirePrice } from "./wire.ts";

/** What a customer used, as a meter was told. */
export interface MeterReading {
  meter: string;
  customer: string;
  value: number;
  /** Unix seconds. */
  at: number;
}

/** What of a metered item's running period is not to be billed any more. Times are Unix seconds. */
export interface UsageMark {
  /** The beginning of the period that this is about; in another one it means nothing. */
  periodStart: number;
  /** From when on usage counts. */
  from: number;
  /** How many of the units counted since are billed. */
  billed: number;
}

/** What a price has besides what is always shown of it. */
export interface PriceDetails {
  currency_options: NonNullable<WirePrice["currency_options"]>;
  tiers: NonNullable<WirePrice["tiers"]> | null;
}
