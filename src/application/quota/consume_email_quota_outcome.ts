import type { PortError } from "../ports/port_error.ts";
import type { EmailQuotaView } from "./email_quota_view.ts";

/** What to do with sends while the store is down (P34): let them through, or refuse them. */
export type StoreFailurePolicy = "open" | "closed";

/** A send to count. */
export interface ConsumeEmailQuotaCommand {
  readonly tenantId: string;
  /** Recipients, 1 to 100,000; all of them count or none. */
  readonly count: number;
  /** Names the send, so that it counts once however often it is repeated and can be released. */
  readonly key?: string | undefined;
  /** Default: the setting. */
  readonly whenStoreFails?: StoreFailurePolicy | undefined;
}

/** The send may go out. `repeated`: it was counted before under its key. */
export interface CountedEmails {
  readonly type: "counted";
  readonly quota: EmailQuotaView;
  readonly repeated: boolean;
  readonly periodStart: Date;
}

/** The outcome of counting a send. */
export type ConsumeEmailQuotaOutcome =
  | CountedEmails
  /** It must not go out: it does not fit below 110 % of the limit (P32). */
  | {
      readonly type: "exceeded";
      readonly quota: EmailQuotaView;
      /**
       * Slug of the next plan with a higher limit; `null` if none is on sale or a payment is due.
       */
      readonly upgrade: string | null;
      /** Seconds until a retry is worth it. */
      readonly retryAfterSeconds: number;
    }
  /** The key was used for another number of e-mails. */
  | { readonly type: "key_conflict"; readonly count: number }
  /** The key was used and released: another send needs another key. */
  | { readonly type: "key_released" }
  /** It may go out although the store is down; it is counted later. */
  | { readonly type: "uncounted"; readonly error: PortError };
