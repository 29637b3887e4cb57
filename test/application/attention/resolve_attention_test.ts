import { expect } from "chai";
import { ResolveAttention } from "../../../src/application/attention/resolve_attention.ts";
import { expectPortError } from "../../contracts/contract_subject.ts";
import { sampleAttentionItem } from "../../samples/attention.ts";
import { NOW } from "../../samples/dates.ts";
import { type AttentionRig, attentionRig } from "./attention_rig.ts";

const item = sampleAttentionItem();
const { id } = item;

describe("ResolveAttention", () => {
  let rig: AttentionRig;
  beforeEach(async () => {
    rig = attentionRig();
    await rig.store.attention.raise(item, { revision: 1, at: NOW });
  });
  afterEach(() => rig.store.close());

  function resolve(command: { id?: string; operator?: string } = {}) {
    return rig.resolveAttention.execute({ id, operator: "Ada", ...command });
  }

  it("P41 takes an item off the list, and keeps who did it and when", async () => {
    const outcome = await resolve();
    expect(outcome).to.have.property("type", "resolved");
    const { items } = await rig.listAttention.execute({ limit: 9 });
    expect(items).to.deep.equal([]);
    const kept = { state: "resolved", resolvedBy: "Ada", resolvedAt: NOW };
    expect(await rig.store.attention.find(id)).to.deep.include(kept);
    expect(outcome).to.have.property("item").that.deep.includes(kept);
  });

  it("P38 leaves an entry in the tenant's audit trail", async () => {
    await resolve();
    const field = `attention.${id}.resolvedBy`;
    expect(rig.notes).to.deep.equal([
      { tenantId: "clacme0001", fields: [{ field, before: null, after: "Ada" }] },
    ]);
  });

  it("P38 resolves nothing without an entry in the audit trail", async () => {
    const noteChange = () => Promise.reject(new Error("it died"));
    const dying = new ResolveAttention({ ...rig.ports, noteChange });
    await dying.execute({ id, operator: "Ada" }).catch(() => undefined);
    expect(await rig.store.attention.find(id)).to.have.property("state", "open");
  });

  it("an item that concerns no tenant keeps by itself who resolved it", async () => {
    const ours = sampleAttentionItem({ tenantId: null });
    await rig.store.attention.raise(ours, { revision: 0, at: NOW });
    expect(await resolve({ id: ours.id })).to.have.property("type", "resolved");
    expect(rig.notes).to.deep.equal([]);
    expect(await rig.store.attention.find(ours.id)).to.have.property("resolvedBy", "Ada");
  });

  it("says who came first, and changes nothing, where it is not open any more", async () => {
    await resolve();
    const again = await resolve({ operator: "Bob" });
    expect(again).to.have.property("type", "not_open");
    expect(again).to.have.property("item").that.deep.includes({ resolvedBy: "Ada" });
    expect(rig.notes).to.have.length(1);
    await rig.store.attention.clear(id, { revision: 2, at: NOW });
    expect(await resolve()).to.have.property("type", "not_open");
  });

  it("of 20 operators at once one resolves it", async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, index) => resolve({ operator: `operator ${index}` })),
    );
    expect(outcomes.filter(({ type }) => type === "resolved")).to.have.length(1);
  });

  it("knows no other ids, and wants a name", async () => {
    for (const unknown of ["", "nothing", `${id}2`]) {
      expect(await resolve({ id: unknown })).to.deep.equal({ type: "unknown" });
    }
    const refused = await resolve({ operator: " " }).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(TypeError);
  });

  it("fails as the store fails", async () => {
    await rig.store.close();
    await expectPortError(resolve());
  });
});
