import type { Account } from "../account.ts";

/** What the pages work with. */
export interface PagePorts {
  account: Account;
  /** Resolves when the state is safe. */
  saved: () => Promise<void>;
  /** Resolves when every endpoint has answered the event once, well or badly. */
  attempted: (event: string) => Promise<void>;
  /** Resolves when every endpoint has answered all events once that were sent so far. */
  attemptedAll: () => Promise<void>;
}
