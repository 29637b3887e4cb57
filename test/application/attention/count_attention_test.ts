import { expect } from "chai";
import { CountAttention } from "../../../src/application/attention/count_attention.ts";
import { sampleAttentionItem } from "../../samples/attention.ts";
import { NOW } from "../../samples/dates.ts";
import { attentionRig } from "./attention_rig.ts";

describe("CountAttention", () => {
  it("P41 counts what is open, and nothing that is gone", async () => {
    const { store } = attentionRig();
    const countAttention = new CountAttention(store);
    for (const subject of ["sub_1", "sub_2"]) {
      await store.attention.raise(sampleAttentionItem({ subject }), { revision: 1, at: NOW });
    }
    expect(await countAttention.execute()).to.equal(2);
    const { id } = sampleAttentionItem({ subject: "sub_2" });
    await store.attention.clear(id, { revision: 2, at: NOW });
    expect(await countAttention.execute()).to.equal(1);
    await store.close();
  });
});
