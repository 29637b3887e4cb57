/** What a process has counted in a window of time. */
export interface ProcessCounts {
  /** The process's name, which no other has: letters, digits and hyphens. */
  readonly by: string;
  /** When the window ends; processes whose clocks agree mean the same one. */
  readonly endsAt: Date;
  /** How often it counted each key, up to 64 characters. */
  readonly hits: ReadonlyMap<string, number>;
}

/**
 * Counts of requests, which processes share so that a limit holds for all of them together. They
 * live as long as their window, and are not moved to another database.
 */
export interface RequestCountStore {
  /**
   * Sets what a process has counted, and returns what all others have, by key; a key that nobody
   * else counted is missing. Repeating it changes nothing, and counts that are not named stay.
   * Windows that are over are removed in the course of time. Throws `PortError`.
   */
  exchange(counts: ProcessCounts): Promise<ReadonlyMap<string, number>>;
}
