import { expect } from "chai";
import { expectPortError } from "../../contracts/contract_subject.ts";
import { sampleAttentionItem } from "../../samples/attention.ts";
import { afterNow, NOW } from "../../samples/dates.ts";
import { type AttentionRig, attentionRig } from "./attention_rig.ts";

describe("ListAttention", () => {
  let rig: AttentionRig;
  beforeEach(async () => {
    rig = attentionRig();
    for (const offset of [-1, -2, -3]) {
      const item = sampleAttentionItem({ subject: `sub${offset}`, since: afterNow(offset) });
      await rig.store.attention.raise(item, { revision: 1, at: NOW });
    }
  });
  afterEach(() => rig.store.close());

  async function subjects(query: Parameters<AttentionRig["listAttention"]["execute"]>[0]) {
    const { items, next } = await rig.listAttention.execute(query);
    return [items.map(({ subject }) => subject), next?.since ?? null];
  }

  it("P41 answers page by page, and says where the next one begins", async () => {
    expect(await subjects({ limit: 2 })).to.deep.equal([["sub-1", "sub-2"], afterNow(-2)]);
    const { next } = await rig.listAttention.execute({ limit: 2 });
    expect(await subjects({ limit: 2, after: next ?? expect.fail() })).to.deep.equal([
      ["sub-3"],
      null,
    ]);
    expect((await subjects({ limit: 3 }))[1]).to.equal(null);
  });

  it("answers what is open; all, or one tenant's, where that is asked for", async () => {
    await rig.store.attention.clear(sampleAttentionItem({ subject: "sub-2" }).id, {
      revision: 2,
      at: NOW,
    });
    expect((await subjects({ limit: 9 }))[0]).to.deep.equal(["sub-1", "sub-3"]);
    expect((await subjects({ limit: 9, all: true }))[0]).to.deep.equal(["sub-1", "sub-2", "sub-3"]);
    expect((await subjects({ limit: 9, tenantId: "t_other" }))[0]).to.deep.equal([]);
  });

  it("fails as the store fails", async () => {
    await rig.store.close();
    await expectPortError(rig.listAttention.execute({ limit: 1 }));
  });
});
