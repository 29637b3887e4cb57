/** A change of a tenant that others may want to hear of. */
export interface Announcement {
  /** `null` if it concerns no tenant. */
  readonly tenantId: string | null;
}

/**
 * Sends a tenant's news soon, in the background. Call it after the change is stored. Never throws
 * and never blocks; the next sweep sends what a crash has prevented.
 */
export type Announce = (announcement: Announcement) => void;
