/** The tenants of one step of a sweep. */
export interface SweepCommand {
  /** Tenants after this one; from the beginning if it is not given. */
  readonly after?: string | undefined;
  /** At most as many tenants. */
  readonly limit: number;
  /** Begins with no further tenant once it aborts. */
  readonly signal?: AbortSignal | undefined;
}

/** The progress of a sweep. */
export interface SweepProgress {
  /** The tenant after which to continue; `undefined` at the end. */
  readonly next: string | undefined;
  /** Why the work failed for some tenants; the next sweep tries them again. */
  readonly failures: readonly unknown[];
}

/**
 * Does work for the tenants that a step of a sweep has found. A tenant whose records cannot be read
 * keeps nobody else waiting; if the work fails for all of them, the sweep ends.
 */
export async function sweepTenants(
  tenants: readonly string[],
  { after, limit, signal }: SweepCommand,
  work: (tenantId: string) => Promise<unknown>,
): Promise<SweepProgress> {
  const failures: unknown[] = [];
  let next = after;
  for (const tenantId of tenants) {
    if (signal?.aborted) {
      return { next, failures };
    }
    try {
      await work(tenantId);
    } catch (error) {
      failures.push(error);
    }
    next = tenantId;
  }
  const isOver = tenants.length < limit || failures.length === tenants.length;
  return { next: isOver ? undefined : next, failures };
}
