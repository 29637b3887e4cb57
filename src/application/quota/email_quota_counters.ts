import type { ConsumeEmailQuotaOutcome } from "./consume_email_quota_outcome.ts";

/** What was counted, refused and let through since the process began; e-mails, not calls. */
export interface EmailQuotaCounts {
  readonly counted: number;
  readonly refused: number;
  /** Sent uncounted while the store failed (P34). */
  readonly failedOpen: number;
  /** Refused because the store failed (P34). */
  readonly failedClosed: number;
  /** Sent uncounted before, counted by now. */
  readonly countedLater: number;
}

/** Counts what the quota decides, for metrics. */
export class EmailQuotaCounters {
  readonly #counts = {
    counted: 0,
    refused: 0,
    failedOpen: 0,
    failedClosed: 0,
    countedLater: 0,
  };

  /** Adds e-mails to a counter. */
  add(counter: keyof EmailQuotaCounts, emails: number): void {
    this.#counts[counter] += emails;
  }

  /** Adds the outcome of a send of so many e-mails; one that is repeated was counted before. */
  record(outcome: ConsumeEmailQuotaOutcome, emails: number): void {
    if (outcome.type === "counted" && !outcome.repeated) {
      this.add("counted", emails);
    } else if (outcome.type === "exceeded") {
      this.add("refused", emails);
    }
  }

  /** The counters now. */
  read(): EmailQuotaCounts {
    return { ...this.#counts };
  }
}
