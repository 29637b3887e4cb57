import { expect } from "chai";
import type { CatalogStore } from "../../src/application/ports/catalog/catalog_store.ts";
import { fullCatalog } from "../samples/catalog.ts";
import { type Current, contract, inParallel, it, outOfReach, tally } from "./contract_subject.ts";

/** The behaviours that every `CatalogStore` has. */
export const catalogStoreContract = contract<CatalogStore>(
  "as CatalogStore",
  describeContent,
  describeRevisions,
  outOfReach((unreachable) => [
    unreachable.read(),
    unreachable.save(fullCatalog()),
    unreachable.save(fullCatalog({ revision: 1 })),
  ]),
);

function describeContent(current: Current<CatalogStore>): void {
  it("read answers undefined before the first save", async () => {
    const { store } = current();
    expect(await store.read()).to.equal(undefined);
  });

  it("save keeps every field exactly", async () => {
    const { store, another } = current();
    expect(await store.save(fullCatalog())).to.equal("saved");
    expect(await another.read()).to.deep.equal(fullCatalog({ revision: 1 }));
  });

  it("save keeps a catalogue without plans and packs", async () => {
    const { store } = current();
    const none = { plans: [], packs: [], portalConfigurationId: "", planChangeConfigurationId: "" };
    await store.save(fullCatalog(none));
    const empty = { revision: 1, ...none };
    expect(await store.read()).to.deep.equal(empty);
  });

  it("save keeps the largest integers and the order of hundreds of plans", async () => {
    const { store } = current();
    const [plan] = fullCatalog().plans.slice(1);
    const plans = Array.from({ length: 300 }, (_, rank) => ({
      ...(plan ?? expect.fail("the sample has plans")),
      rank: 300 - rank,
      tokensIncludedMonth: Number.MAX_SAFE_INTEGER,
    }));
    await store.save(fullCatalog({ plans }));
    expect((await store.read())?.plans).to.deep.equal(plans);
  });
}

function describeRevisions(current: Current<CatalogStore>): void {
  it("save replaces the whole catalogue and counts the revision up by one", async () => {
    const { store, another } = current();
    for (const revision of [0, 1, 2]) {
      const portalConfigurationId = `bpc_${revision}`;
      const plans = fullCatalog().plans.slice(revision);
      const packs = fullCatalog().packs.slice(revision);
      const planChangeConfigurationId = `bpc_change_${revision}`;
      const catalog = { revision, plans, packs, portalConfigurationId, planChangeConfigurationId };
      expect(await store.save(catalog)).to.equal("saved");
      expect(await another.read()).to.deep.equal({ ...catalog, revision: revision + 1 });
    }
  });

  it("save from another revision is a conflict, changes nothing", async () => {
    const { store, another } = current();
    await store.save(fullCatalog());
    await store.save(fullCatalog({ revision: 1 }));
    for (const revision of [0, 1, 3]) {
      const late = fullCatalog({ revision, portalConfigurationId: "bpc_late" });
      expect(await another.save(late), `revision ${revision}`).to.equal("conflict");
    }
    expect(await store.read()).to.deep.equal(fullCatalog({ revision: 2 }));
  });

  it("save from a later revision is a conflict while nothing is stored", async () => {
    const { store } = current();
    expect(await store.save(fullCatalog({ revision: 1 }))).to.equal("conflict");
    expect(await store.read()).to.equal(undefined);
  });

  for (const revision of [0, 1]) {
    it(`of 50 parallel saves from revision ${revision} exactly one is made`, async () => {
      const { store, another } = current();
      if (revision === 1) {
        await store.save(fullCatalog());
      }
      const answers = await inParallel({ store, another }, 50, (connection, index) =>
        connection.save(fullCatalog({ revision, portalConfigurationId: `bpc_${index}` })),
      );
      expect(tally(answers)).to.deep.equal({ saved: 1, conflict: 49 });
      const stored = await store.read();
      expect(stored?.revision).to.equal(revision + 1);
      expect(stored?.portalConfigurationId).to.equal(`bpc_${answers.indexOf("saved")}`);
    });
  }
}
