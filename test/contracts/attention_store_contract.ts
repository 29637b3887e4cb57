import { expect } from "chai";
import type { AttentionStore } from "../../src/application/ports/attention/attention_store.ts";
import type { AttentionItem, AttentionRecord } from "../../src/domain/attention/attention_item.ts";
import { attentionId } from "../../src/domain/attention/attention_item.ts";
import {
  openAttentionItem,
  raisedTurn,
  resolvedTurn,
  sampleAttentionItem,
} from "../samples/attention.ts";
import { afterNow, NOW } from "../samples/dates.ts";
import { DIFFICULT_TEXT } from "../samples/text.ts";
import { type Current, contract, inParallel, it, outOfReach, tally } from "./contract_subject.ts";

const ITEM = sampleAttentionItem();
const ADA = { operator: "Ada", at: afterNow(1) };

/** The behaviours that every `AttentionStore` has. */
export const attentionStoreContract = contract<AttentionStore>(
  "as AttentionStore",
  describeRaising,
  describeEnds,
  describeOrder,
  describeTurns,
  describeLists,
  outOfReach((unreachable) => [
    unreachable.find(ITEM.id),
    unreachable.known("clacme0001"),
    unreachable.knownOf(["no_plan_item"]),
    unreachable.untold("clacme0001"),
    unreachable.told({ id: ITEM.id, turns: 1 }),
    unreachable.raise(ITEM, { revision: 1, at: NOW }),
    unreachable.clear(ITEM.id, { revision: 1, at: NOW }),
    unreachable.resolve(ITEM.id, ADA),
    unreachable.list({ limit: 1 }),
    unreachable.countOpen(),
  ]),
);

function describeRaising(current: Current<AttentionStore>): void {
  it("P41 raise opens an item once, however often it is found", async () => {
    const { store, another } = current();
    expect(await store.raise(ITEM, { revision: 3, at: NOW })).to.equal("raised");
    const later = sampleAttentionItem({ since: afterNow(-1) });
    expect(await another.raise(later, { revision: 4, at: NOW })).to.equal("known");
    expect(await store.find(ITEM.id)).to.deep.equal(openAttentionItem(ITEM, 4));
    expect(await store.countOpen()).to.equal(1);
  });

  it("P41 raise takes over the words of an item that is open", async () => {
    const { store } = current();
    await store.raise(ITEM, { revision: 3, at: NOW });
    const changed = sampleAttentionItem({ status: "past_due" });
    expect(await store.raise(changed, { revision: 3, at: NOW })).to.equal("known");
    expect(await store.find(ITEM.id)).to.deep.equal(openAttentionItem(changed, 3));
  });

  it("P41 of many parallel raises of one item exactly one opens it", async () => {
    const { store, another } = current();
    const answers = await inParallel({ store, another }, 40, (connection) =>
      connection.raise(ITEM, { revision: 1, at: NOW }),
    );
    expect(tally(answers)).to.deep.equal({ raised: 1, known: 39 });
    await store.clear(ITEM.id, { revision: 2, at: NOW });
    const again = await inParallel({ store, another }, 40, (connection) =>
      connection.raise(ITEM, { revision: 3, at: NOW }),
    );
    expect(tally(again)).to.deep.equal({ raised: 1, known: 39 });
  });

  it("raise stores any text exactly, and items without a tenant", async () => {
    const { store } = current();
    const subject = DIFFICULT_TEXT;
    const about = { kind: "other", tenantId: null, subject };
    const words = { message: DIFFICULT_TEXT, action: DIFFICULT_TEXT };
    const item: AttentionItem = { id: attentionId(about), ...about, since: NOW, ...words };
    await store.raise(item, { revision: 0, at: NOW });
    expect(await store.find(item.id)).to.deep.equal(openAttentionItem(item, 0));
    expect(await store.known(null)).to.deep.equal([openAttentionItem(item, 0)]);
    expect(await store.known("clacme0001")).to.deep.equal([]);
  });

  it("P41 knownOf lists open and resolved items of some kinds, whoever they concern", async () => {
    const { store, another } = current();
    const of = (kind: string, tenantId: string | null): AttentionItem => {
      const about = { kind, tenantId, subject: "in_1" };
      return { ...ITEM, ...about, id: attentionId(about) };
    };
    const items = [of("one", null), of("one", "clacme0001"), of("two", "clother001")];
    const [open, resolved, other] = items;
    for (const item of [...items, of("three", null), of("one", "clgone0001")]) {
      await store.raise(item, { revision: 1, at: NOW });
    }
    await store.resolve(resolved?.id ?? "", ADA);
    await store.clear(of("one", "clgone0001").id, { revision: 1, at: NOW });
    const ids = async (kinds: readonly string[]) =>
      (await another.knownOf(kinds)).map(({ id }) => id);
    expect(await ids(["one", "two"])).to.have.members([open?.id, resolved?.id, other?.id]);
    expect(await ids(["two", DIFFICULT_TEXT])).to.deep.equal([other?.id]);
    expect(await ids([])).to.deep.equal([]);
  });

  it("find answers undefined for ids of no item", async () => {
    const { store } = current();
    await store.raise(ITEM, { revision: 1, at: NOW });
    for (const id of ["", "no_plan_item", `${ITEM.id}2`, "no_plan_item:t_acm:sub_1", "::"]) {
      expect(await store.find(id), id).to.equal(undefined);
    }
  });
}

function describeEnds(current: Current<AttentionStore>): void {
  it("P41 clear makes an item gone; found again, it is raised anew", async () => {
    const { store, another } = current();
    await store.raise(ITEM, { revision: 1, at: NOW });
    await another.clear(ITEM.id, { revision: 2, at: NOW });
    await another.clear(ITEM.id, { revision: 2, at: afterNow(9) });
    const turns = [raisedTurn(), resolvedTurn()];
    const cleared = { state: "gone", resolvedAt: NOW, resolvedBy: null, revision: 2 };
    const gone = { ...openAttentionItem(ITEM, 1, turns), ...cleared };
    expect(await store.find(ITEM.id)).to.deep.equal(gone);
    expect(await store.known("clacme0001")).to.deep.equal([]);
    const again = sampleAttentionItem({ since: afterNow(7) });
    expect(await store.raise(again, { revision: 3, at: NOW })).to.equal("raised");
    const open = openAttentionItem(again, 3, [...turns, raisedTurn()]);
    expect(await store.find(ITEM.id)).to.deep.equal(open);
  });

  it("P38 resolve says who and when, once", async () => {
    const { store, another } = current();
    await store.raise(ITEM, { revision: 1, at: NOW });
    expect(await another.resolve(ITEM.id, ADA)).to.equal(true);
    expect(await store.resolve(ITEM.id, { operator: "Bob", at: afterNow(2) })).to.equal(false);
    expect(await store.find(ITEM.id)).to.deep.equal(resolved(ITEM, 1));
    expect(await store.countOpen()).to.equal(0);
  });

  it("P38 of many parallel resolves exactly one is made", async () => {
    const { store, another } = current();
    await store.raise(ITEM, { revision: 1, at: NOW });
    const answers = await inParallel({ store, another }, 40, (connection, index) =>
      connection.resolve(ITEM.id, { operator: `op ${index}`, at: NOW }),
    );
    expect(answers.filter(Boolean)).to.have.length(1);
  });

  it("resolve and clear of what is not there change nothing", async () => {
    const { store } = current();
    expect(await store.resolve(ITEM.id, ADA)).to.equal(false);
    await store.clear(ITEM.id, { revision: 1, at: NOW });
    expect(await store.list({ all: true, limit: 9 })).to.deep.equal([]);
    await store.raise(ITEM, { revision: 1, at: NOW });
    await store.clear(ITEM.id, { revision: 1, at: NOW });
    expect(await store.resolve(ITEM.id, ADA), "a gone one").to.equal(false);
  });

  it("P41 what is resolved is not raised again before its cause was gone", async () => {
    const { store } = current();
    await store.raise(ITEM, { revision: 1, at: NOW });
    await store.resolve(ITEM.id, ADA);
    expect(await store.raise(ITEM, { revision: 2, at: NOW })).to.equal("known");
    expect(await store.known("clacme0001")).to.deep.equal([resolved(ITEM, 2)]);
    await store.clear(ITEM.id, { revision: 3, at: afterNow(5) });
    expect(await store.find(ITEM.id)).to.deep.equal({ ...resolved(ITEM, 3), state: "gone" });
    expect(await store.raise(ITEM, { revision: 4, at: NOW })).to.equal("raised");
    const turns = [raisedTurn(), resolvedTurn(ADA.at), raisedTurn()];
    expect(await store.find(ITEM.id)).to.deep.equal(openAttentionItem(ITEM, 4, turns));
  });
}

function describeTurns(current: Current<AttentionStore>): void {
  it("P41 what opens or ends an item is kept until it was told, in order", async () => {
    const { store, another } = current();
    expect(await store.untold("clacme0001")).to.deep.equal([]);
    await store.raise(ITEM, { revision: 1, at: afterNow(1) });
    await store.raise(ITEM, { revision: 2, at: afterNow(2) });
    await another.clear(ITEM.id, { revision: 3, at: afterNow(3) });
    await another.clear(ITEM.id, { revision: 4, at: afterNow(4) });
    await store.raise(ITEM, { revision: 5, at: afterNow(5) });
    await store.resolve(ITEM.id, { ...ADA, at: afterNow(6) });
    await store.resolve(ITEM.id, { ...ADA, at: afterNow(7) });
    await store.clear(ITEM.id, { revision: 8, at: afterNow(8) });
    const [found, ...others] = await another.untold("clacme0001");
    expect(others).to.deep.equal([]);
    expect(found?.untold).to.deep.equal([
      raisedTurn(afterNow(1)),
      resolvedTurn(afterNow(3)),
      raisedTurn(afterNow(5)),
      resolvedTurn(afterNow(6)),
    ]);
    expect(found).to.deep.include({ id: ITEM.id, state: "gone", turns: 4 });
  });

  it("P41 what was told is forgotten, unless the item has turned again", async () => {
    const { store, another } = current();
    await store.raise(ITEM, { revision: 1, at: NOW });
    await store.clear(ITEM.id, { revision: 2, at: NOW });
    await another.told({ id: ITEM.id, turns: 1 });
    expect((await store.untold("clacme0001"))[0]?.untold).to.have.length(2);
    await another.told({ id: ITEM.id, turns: 2 });
    expect(await store.untold("clacme0001")).to.deep.equal([]);
    await store.raise(ITEM, { revision: 3, at: afterNow(1) });
    const [again] = await store.untold("clacme0001");
    expect(again).to.deep.include({ turns: 3, untold: [raisedTurn(afterNow(1))] });
    await store.told({ id: "no_plan_item:clacme0001:other", turns: 1 });
  });

  it("P41 an item that nobody is told of keeps its last hundred turns, and counts all", async () => {
    const { store } = current();
    for (let turn = 0; turn < 60; turn += 1) {
      await store.raise(ITEM, { revision: turn, at: afterNow(2 * turn) });
      await store.clear(ITEM.id, { revision: turn, at: afterNow(2 * turn + 1) });
    }
    const [found] = await store.untold("clacme0001");
    expect(found?.turns).to.equal(120);
    expect(found?.untold).to.have.length(100);
    expect(found?.untold[0]).to.deep.equal(raisedTurn(afterNow(20)));
    expect(found?.untold.at(-1)).to.deep.equal(resolvedTurn(afterNow(119)));
  });

  it("P35 untold answers the items of one tenant, or of none", async () => {
    const { store } = current();
    await store.raise(ITEM, { revision: 1, at: NOW });
    const nobodys = sampleAttentionItem({ tenantId: null });
    await store.raise(nobodys, { revision: 0, at: NOW });
    const ids = async (tenantId: string | null) =>
      (await store.untold(tenantId)).map(({ id }) => id);
    expect(await ids("clacme0001")).to.deep.equal([ITEM.id]);
    expect(await ids(null)).to.deep.equal([nobodys.id]);
    expect(await ids("clacme000")).to.deep.equal([]);
  });
}

function describeOrder(current: Current<AttentionStore>): void {
  it("P09 an older look clears nothing that a newer one has found", async () => {
    const { store } = current();
    await store.raise(ITEM, { revision: 1, at: NOW });
    await store.raise(ITEM, { revision: 5, at: NOW });
    await store.clear(ITEM.id, { revision: 4, at: NOW });
    expect(await store.find(ITEM.id)).to.deep.equal(openAttentionItem(ITEM, 5));
  });

  it("P09 an older look neither raises nor changes what a newer one found otherwise", async () => {
    const { store } = current();
    const changed = sampleAttentionItem({ status: "past_due" });
    await store.raise(ITEM, { revision: 5, at: NOW });
    expect(await store.raise(changed, { revision: 4, at: NOW })).to.equal("known");
    expect(await store.find(ITEM.id)).to.deep.equal(openAttentionItem(ITEM, 5));
    await store.clear(ITEM.id, { revision: 7, at: NOW });
    expect(await store.raise(ITEM, { revision: 6, at: NOW })).to.equal("known");
    expect(await store.find(ITEM.id)).to.have.property("state", "gone");
  });
}

function describeLists(current: Current<AttentionStore>): void {
  it("P41 list answers what is open, what began last first, page by page", async () => {
    const { store, another } = current();
    const items = [
      sampleAttentionItem({ subject: "sub_3", since: afterNow(-1) }),
      sampleAttentionItem({ subject: "sub_2", since: afterNow(-2) }),
      sampleAttentionItem({ subject: "sub_1", since: afterNow(-2) }),
      sampleAttentionItem({ subject: "sub_9", since: afterNow(-3), tenantId: null }),
    ];
    for (const item of items.toReversed()) {
      await store.raise(item, { revision: 1, at: NOW });
    }
    const all = items.map((item) => openAttentionItem(item, 1));
    expect(await another.list({ limit: 9 })).to.deep.equal(all);
    const pages = [undefined, ...items].map((after) => store.list({ after, limit: 2 }));
    expect(await Promise.all(pages)).to.deep.equal([
      all.slice(0, 2),
      all.slice(1, 3),
      all.slice(2, 4),
      all.slice(3),
      [],
    ]);
    expect(await store.list({ limit: 0 })).to.deep.equal([]);
    expect(await store.countOpen()).to.equal(4);
  });

  it("list answers those that are no longer open only where all are asked for", async () => {
    const { store } = current();
    const gone = sampleAttentionItem({ subject: "sub_2" });
    const open = sampleAttentionItem({ subject: "sub_3" });
    for (const item of [ITEM, gone, open]) {
      await store.raise(item, { revision: 1, at: NOW });
    }
    await store.resolve(ITEM.id, ADA);
    await store.clear(gone.id, { revision: 1, at: NOW });
    const states = async (listing: { all?: boolean; tenantId?: string }) =>
      (await store.list({ ...listing, limit: 9 })).map(({ subject, state }) => [subject, state]);
    const all = [
      ["sub_3", "open"],
      ["sub_2", "gone"],
      ["sub_1", "resolved"],
    ];
    expect(await states({ all: true })).to.deep.equal(all);
    expect(await states({ all: true, tenantId: "clacme0001" })).to.deep.equal(all);
    expect(await states({})).to.deep.equal(all.slice(0, 1));
    expect(await states({ tenantId: "clacme0001" })).to.deep.equal(all.slice(0, 1));
  });

  it("P35 list and known answer the items of one tenant only", async () => {
    const { store } = current();
    const other = sampleAttentionItem({ tenantId: "clacme000" });
    await store.raise(ITEM, { revision: 1, at: NOW });
    await store.raise(other, { revision: 1, at: NOW });
    expect(await store.list({ tenantId: "clacme000", limit: 9 })).to.deep.equal([
      openAttentionItem(other, 1),
    ]);
    expect(await store.known("clacme000")).to.deep.equal([openAttentionItem(other, 1)]);
    expect(await store.known("t_ac")).to.deep.equal([]);
  });
}

function resolved(item: AttentionItem, revision: number): AttentionRecord {
  const turns = [raisedTurn(), resolvedTurn(ADA.at)];
  const ended = { state: "resolved", resolvedAt: ADA.at, resolvedBy: ADA.operator } as const;
  return { ...openAttentionItem(item, revision, turns), ...ended };
}
