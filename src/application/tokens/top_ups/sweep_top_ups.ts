import type { TopUpStore } from "../../ports/tokens/top_up_store.ts";
import type { BeginTopUp } from "./begin_top_up.ts";

/**
 * Begins the purchases that a crash has left out, and those that a new month allows again. Any
 * number of processes may sweep at once.
 */
export class SweepTopUps {
  readonly #topUps: TopUpStore;
  readonly #beginTopUp: BeginTopUp;

  constructor(dependencies: { topUps: TopUpStore; beginTopUp: BeginTopUp }) {
    this.#topUps = dependencies.topUps;
    this.#beginTopUp = dependencies.beginTopUp;
  }

  /**
   * Looks at `limit` tenants after `after`; at none once `signal` aborts.
   *
   * @returns the tenant after which to continue; `undefined` at the end
   * @throws {PortError}
   */
  async execute({
    after,
    limit,
    signal,
  }: {
    after?: string | undefined;
    limit: number;
    signal?: AbortSignal;
  }): Promise<string | undefined> {
    const topUps = await this.#topUps.list({ after, limit });
    for (const { tenantId } of topUps) {
      if (signal?.aborted) {
        return undefined;
      }
      await this.#beginTopUp.execute({ tenantId });
    }
    return topUps.length < limit ? undefined : topUps.at(-1)?.tenantId;
  }
}
