/** A kind of record that a store keeps. */
export type ContentKind =
  | "catalog"
  | "accounts"
  | "auditEntries"
  | "attention"
  | "ledgerEntries"
  | "reservations"
  | "topUps"
  | "emailUsage"
  | "events"
  | "notificationRecords"
  | "deliveries";

/** How many records there are of each kind. */
export type StoreCounts = Readonly<Record<ContentKind, number>>;

const REPORT_EVERY = 500;

/** Counts records and reports the first of each kind and every few hundred. */
export class StoreProgress {
  readonly #onProgress: (kind: ContentKind, count: number) => void;
  readonly #counts: Record<ContentKind, number> = {
    catalog: 0,
    accounts: 0,
    auditEntries: 0,
    attention: 0,
    ledgerEntries: 0,
    reservations: 0,
    topUps: 0,
    emailUsage: 0,
    events: 0,
    notificationRecords: 0,
    deliveries: 0,
  };

  constructor(onProgress: (kind: ContentKind, count: number) => void) {
    this.#onProgress = onProgress;
  }

  /** What was counted so far. */
  get counts(): StoreCounts {
    return { ...this.#counts };
  }

  /** Counts one more. */
  count(kind: ContentKind): void {
    this.#counts[kind] += 1;
    if (this.#counts[kind] % REPORT_EVERY === 1) {
      this.#onProgress(kind, this.#counts[kind]);
    }
  }
}
