import { openSqliteStore } from "../../src/adapters/sqlite/open_sqlite_store.ts";
import { countableLimits } from "../../src/domain/catalog/plan_limits.ts";

/** Stores a catalogue whose only plan is free and allows so many e-mails and tokens a month. */
export async function saveFreePlan(
  path: string,
  monthlyEmailLimit: number,
  tokensIncludedMonth = 0,
): Promise<void> {
  const store = openSqliteStore(path);
  const limits = { monthlyEmailLimit, ...countableLimits(() => null) };
  const free = { slug: "free", name: "Free", rank: 0, active: true, ...limits };
  await store.catalog.save({
    revision: 0,
    plans: [{ ...free, tokensIncludedMonth, productId: null, prices: [] }],
    packs: [],
    portalConfigurationId: "bpc_home",
    planChangeConfigurationId: "bpc_change",
  });
  await store.close();
}
