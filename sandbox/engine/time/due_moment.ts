import type { Transaction } from "../transaction.ts";

/** Something that time brings about. */
export interface DueMoment {
  /** Unix seconds. */
  at: number;
  /** The test clock that brings it about; absent or null for the sandbox's own. */
  clock?: string | null;
  happen: (tx: Transaction) => void;
}
