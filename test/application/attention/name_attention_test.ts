import { expect } from "chai";
import { NameAttention } from "../../../src/application/attention/name_attention.ts";
import type { AttentionItem } from "../../../src/domain/attention/attention_item.ts";
import { expectPortError } from "../../contracts/contract_subject.ts";
import { sampleAttentionItem } from "../../samples/attention.ts";
import { NOW } from "../../samples/dates.ts";
import { type AttentionRig, attentionRig } from "./attention_rig.ts";

const item = sampleAttentionItem();
const about = { tenantId: "clacme0001", looked: ["no_plan_item"] } as const;

describe("NameAttention", () => {
  let rig: AttentionRig;
  beforeEach(() => {
    rig = attentionRig();
  });
  afterEach(() => rig.store.close());

  function name(found: readonly AttentionItem[], revision: number, using = rig.nameAttention) {
    return using.execute({ ...about, found, revision });
  }

  async function states() {
    const { items } = await rig.listAttention.execute({ all: true, limit: 9 });
    return items.map(({ subject, state }) => `${subject} ${state}`);
  }

  it("P41 raises what is found once, and alerts once, however often it is found", async () => {
    expect(await name([item], 1)).to.deep.equal([item]);
    expect(await name([item], 2)).to.deep.equal([]);
    expect(rig.alerts).to.deep.equal([{ type: "attention", tenantId: "clacme0001", item }]);
    expect(await states()).to.deep.equal(["sub_1 open"]);
  });

  it("P41 of 20 looks at once one raises it", async () => {
    const looks = Array.from({ length: 20 }, (_, index) => name([item], index + 1));
    expect((await Promise.all(looks)).flat()).to.deep.equal([item]);
    expect(rig.alerts).to.have.length(1);
  });

  it("P41 what is no longer found resolves itself; if it comes back, it is raised again", async () => {
    await name([item], 1);
    await name([], 2);
    expect(await states()).to.deep.equal(["sub_1 gone"]);
    expect(await rig.store.attention.find(item.id)).to.deep.include({
      resolvedAt: NOW,
      resolvedBy: null,
    });
    expect(await name([item], 3)).to.deep.equal([item]);
    expect(rig.alerts).to.have.length(2);
  });

  it("P41 what an operator has resolved is not raised again while its cause is there", async () => {
    await name([item], 1);
    await rig.resolveAttention.execute({ id: item.id, operator: "Ada" });
    expect(await name([item], 2)).to.deep.equal([]);
    expect(await states()).to.deep.equal(["sub_1 resolved"]);
    await name([], 3);
    expect(await name([item], 4)).to.deep.equal([item]);
  });

  it("P41 a look for other kinds changes nothing", async () => {
    await name([item], 1);
    const other = {
      tenantId: "clacme0001",
      revision: 2,
      found: [],
      looked: ["refund_refused"],
    } as const;
    await rig.nameAttention.execute(other);
    expect(await states()).to.deep.equal(["sub_1 open"]);
  });

  it("P09 an older look that comes late undoes nothing", async () => {
    await name([item], 1);
    await name([item], 5);
    await name([], 4);
    expect(await states()).to.deep.equal(["sub_1 open"]);
    await name([], 7);
    await name([item], 6);
    expect(await states()).to.deep.equal(["sub_1 gone"]);
    expect(rig.alerts).to.have.length(1);
  });

  it("P35 clears nothing of other tenants, and names nothing for them", async () => {
    const theirs = sampleAttentionItem({ tenantId: "t_other" });
    await rig.nameAttention.execute({
      ...about,
      tenantId: "t_other",
      found: [theirs],
      revision: 1,
    });
    await name([], 9);
    expect(await states()).to.deep.equal(["sub_1 open"]);
    const refused = await name([theirs], 10).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(TypeError);
  });

  it("names what concerns no tenant", async () => {
    const ours = sampleAttentionItem({ tenantId: null });
    await rig.nameAttention.execute({ ...about, tenantId: null, found: [ours], revision: 0 });
    expect(rig.alerts).to.deep.equal([{ type: "attention", tenantId: null, item: ours }]);
    await rig.nameAttention.execute({ ...about, tenantId: null, found: [], revision: 0 });
    expect(await states()).to.deep.equal(["sub_1 gone"]);
  });

  it("P41 a look that failed half-way is completed by the next one", async () => {
    const items = ["a", "b", "c"].map((subject) => sampleAttentionItem({ subject }));
    await rig.store.attention.raise(sampleAttentionItem({ subject: "old" }), {
      revision: 1,
      at: NOW,
    });
    let left = 2;
    const attention = new Proxy(rig.store.attention, {
      get: (target, method) => {
        const call: unknown = Reflect.get(target, method);
        const isRaise = method === "raise";
        left -= isRaise ? 1 : 0;
        if (isRaise && left < 0) {
          return () => Promise.reject(new Error("it died"));
        }
        return typeof call === "function" ? call.bind(target) : call;
      },
    });
    const dying = new NameAttention({ ...rig.ports, attention });
    await name(items, 2, dying).catch(() => undefined);
    expect(await states()).to.have.members(["a open", "b open", "old open"]);
    await name(items, 3);
    expect(await states()).to.have.members(["a open", "b open", "c open", "old gone"]);
    expect(rig.alerts).to.have.length(3);
  });

  it("fails as the store fails", async () => {
    await rig.store.close();
    await expectPortError(name([item], 1));
    expect(rig.alerts).to.deep.equal([]);
  });
});
