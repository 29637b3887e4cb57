import { expect } from "chai";
import { attentionId, tenantOfAttention } from "../../../src/domain/attention/attention_item.ts";

const TENANTS = ["clacme0001", null];
const SUBJECTS = ["sub_1", "sub_1:2026-03-01T00:00:00.000Z", "-", ":", "日本"];

describe("attentionId", () => {
  it("P41 is the same for the same fact, and another for every other fact", () => {
    const facts = TENANTS.flatMap((tenantId) =>
      SUBJECTS.flatMap((subject) =>
        ["a_kind", "another"].map((kind) => ({ kind, tenantId, subject })),
      ),
    );
    const ids = facts.map(attentionId);
    expect(new Set(ids).size).to.equal(facts.length);
    expect(facts.map((fact) => attentionId({ ...fact }))).to.deep.equal(ids);
  });

  it("P35 tells whom it concerns, by itself", () => {
    for (const tenantId of TENANTS) {
      for (const subject of SUBJECTS) {
        const id = attentionId({ kind: "no_plan_item", tenantId, subject });
        expect(tenantOfAttention(id), id).to.equal(tenantId);
      }
    }
  });
});

describe("tenantOfAttention", () => {
  it("answers undefined for what is no item's id", () => {
    for (const id of ["", "a", "a:b", "a:b:", ":b:c", "a::c", "A:b:c"]) {
      expect(tenantOfAttention(id), id).to.equal(undefined);
    }
  });
});
