import type { TopUpStore } from "../../ports/tokens/top_up_store.ts";
import { type SweepCommand, type SweepProgress, sweepTenants } from "../../sweep_tenants.ts";
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
   * Looks at the next tenants.
   *
   * @throws {PortError} if they cannot be listed
   */
  async execute(command: SweepCommand): Promise<SweepProgress> {
    const topUps = await this.#topUps.list(command);
    const tenants = topUps.map(({ tenantId }) => tenantId);
    return await sweepTenants(tenants, command, (tenantId) =>
      this.#beginTopUp.execute({ tenantId }),
    );
  }
}
