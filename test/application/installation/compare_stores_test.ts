import { expect } from "chai";
import { openSqliteStore } from "../../../src/adapters/sqlite/open_sqlite_store.ts";
import { CompareStores } from "../../../src/application/installation/compare_stores.ts";
import { MoveStore } from "../../../src/application/installation/move_store.ts";
import { NO_LEDGER_KEYS } from "../../../src/domain/tokens/ledger_keys.ts";
import { useFresh } from "../../rig/use_fresh.ts";
import { sampleAttentionItem } from "../../samples/attention.ts";
import { fullCatalog } from "../../samples/catalog.ts";
import { afterNow, NOW } from "../../samples/dates.ts";
import { fullEvent } from "../../samples/events.ts";
import { sampleEntry } from "../../samples/ledger.ts";
import { fillStore } from "./movable_content.ts";

const keys = { ledgerKeys: NO_LEDGER_KEYS };

const onProgress = () => undefined;

describe("CompareStores", () => {
  const from = useFresh(() => openSqliteStore(":memory:"));
  const to = useFresh(() => openSqliteStore(":memory:"));

  beforeEach(async () => {
    await fillStore(from);
    await new MoveStore({ from, to }).execute({ onProgress });
  });

  async function problems(): Promise<readonly string[]> {
    return (await new CompareStores({ from, to, ...keys }).execute({ onProgress })).problems;
  }

  it("finds nothing wrong with a true copy", async () => {
    expect(await problems()).to.deep.equal([]);
  });

  it("finds a catalogue that has changed since", async () => {
    await from.catalog.save(fullCatalog({ revision: 2 }));
    expect(await problems()).to.deep.equal(["The catalogue is not the same"]);
  });

  it("finds accounts that have changed, are missing or are too many", async () => {
    const account = (await from.accounts.find("t_beta")) ?? expect.fail("it is there");
    await to.accounts.save(account);
    expect(await problems()).to.deep.equal(["Account of t_beta: it is not the same"]);
    await to.accounts.save({ ...account, tenantId: "t_zeta", customerId: null, revision: 0 });
    expect(await problems()).to.include("Account of t_zeta: only the copy has it");
    await from.accounts.save({ ...account, tenantId: "t_alpha", customerId: null, revision: 0 });
    await from.accounts.save({ ...account, tenantId: "t_z", customerId: null, revision: 0 });
    expect(await problems()).to.include("Account of t_alpha: the copy has t_beta in its place");
  });

  it("P30 finds entries that are missing in a ledger, and broken chains", async () => {
    await from.ledger.append(sampleEntry(4, { tenantId: "t_beta", keyId: null }));
    expect(await problems()).to.deep.equal(["Ledger of t_beta, entry 4: the copy lacks it"]);
    await to.ledger.append(sampleEntry(4, { tenantId: "t_beta", keyId: null }));
    const found = await problems();
    expect(found).to.include(
      "Ledger of t_beta, entry 4: it does not follow from the entry before it",
    );
    expect(found).to.include("Ledger of t_beta, entry 4: it was changed: its hash is another");
  });

  it("finds reservations, e-mails and events that are not the same", async () => {
    await to.reservations.drop("clacme0001", "job 1");
    await to.emailUsage.consume("t_beta", { count: 1, now: NOW });
    await from.inbox.receive(fullEvent("evt_late"), afterNow(7));
    expect(await problems()).to.include.members([
      "Reservations of clacme0001: they are not the same",
      "E-mail usage of t_beta: it is not the same",
      "Event evt_late: the copy has evt_claimed in its place",
    ]);
  });

  it("P41 finds endpoints, settings and deliveries that are not the same", async () => {
    await to.notificationRecords.save("targets", { id: "all", version: 2, content: "[]" });
    await from.notificationRecords.save("alerts", { id: "t_z", version: 0, content: "{}" });
    await to.deliveries.replay("whe_1/dead", NOW);
    expect(await problems()).to.deep.equal([
      "Delivery whe_1/dead: it is not the same",
      'Notification record "alerts" of t_z: the copy lacks it',
      'Notification record "targets" of all: it is not the same',
    ]);
  });

  it("P41 finds items for somebody to look at that are not the same", async () => {
    const open = sampleAttentionItem({ subject: "open" });
    await to.attention.resolve(open.id, { operator: "Ada", at: NOW });
    expect(await problems()).to.deep.equal([`Attention item ${open.id}: it is not the same`]);
    await from.attention.resolve(open.id, { operator: "Ada", at: NOW });
    const late = sampleAttentionItem({ subject: "late", since: afterNow(-99_999) });
    await from.attention.raise(late, { revision: 1, at: NOW });
    expect(await problems()).to.deep.equal([`Attention item ${late.id}: the copy lacks it`]);
  });

  it("ends after a hundred problems", async () => {
    for (let index = 0; index < 120; index += 1) {
      await to.inbox.receive(fullEvent(`evt_late_${index}`), afterNow(900 + index));
    }
    expect(await problems()).to.have.length(100);
  });
});
