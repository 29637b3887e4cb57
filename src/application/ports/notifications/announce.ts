/** Something of a tenant may have changed that others want to hear of. */
export interface Announcement {
  /** `null` where it concerns no tenant. */
  readonly tenantId: string | null;
  /** Whether a send was refused because the quota is exceeded. */
  readonly refused?: boolean;
}

/**
 * Has a tenant's news told soon, in the background. Call it after the change is stored. Never
 * throws, and costs nothing that anybody waits for; what a crash prevents is told by the next sweep.
 */
export type Announce = (announcement: Announcement) => void;
