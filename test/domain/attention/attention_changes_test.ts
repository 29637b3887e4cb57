import { expect } from "chai";
import { attentionChanges } from "../../../src/domain/attention/attention_changes.ts";
import { openAttentionItem, sampleAttentionItem } from "../../samples/attention.ts";

const one = sampleAttentionItem();
const other = sampleAttentionItem({ subject: "sub_2" });
const looked = ["no_plan_item"] as const;

describe("attentionChanges", () => {
  it("P41 raises all that is found, each once, and clears what is not found any more", () => {
    const known = [openAttentionItem(one, 1)];
    expect(attentionChanges(known, { found: [other, other], looked })).to.deep.equal({
      raise: [other],
      clear: [one.id],
    });
  });

  it("P41 confirms what is known, so that older looks cannot clear it", () => {
    const known = [
      openAttentionItem(one, 1),
      { ...openAttentionItem(other, 1), state: "resolved" as const },
    ];
    expect(attentionChanges(known, { found: [one, other], looked })).to.deep.equal({
      raise: [one, other],
      clear: [],
    });
  });

  it("P41 clears no kind that was not looked for, nor one that only others know", () => {
    const known = [
      openAttentionItem(one, 1),
      { ...openAttentionItem(other, 1), kind: "of_a_newer_release" },
    ];
    const findings = { found: [], looked: ["refund_refused"] } as const;
    expect(attentionChanges(known, findings)).to.deep.equal({ raise: [], clear: [] });
  });

  it("finds nothing to do where nothing is wrong", () => {
    expect(attentionChanges([], { found: [], looked })).to.deep.equal({ raise: [], clear: [] });
  });
});
