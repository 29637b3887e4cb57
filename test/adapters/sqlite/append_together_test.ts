import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect } from "chai";
import { openSqliteStore } from "../../../src/adapters/sqlite/open_sqlite_store.ts";
import { headMove } from "../../../src/domain/tokens/ledger_head.ts";
import { NO_LEDGER_KEYS } from "../../../src/domain/tokens/ledger_keys.ts";
import { useBilling } from "../../rig/billing_fixture.ts";
import { countSqlite } from "../../rig/counted_sqlite.ts";
import { temporaryFolder } from "../../rig/temporary_folder.ts";
import { useFresh } from "../../rig/use_fresh.ts";
import { TENANT } from "../../samples/account.ts";
import { NOW } from "../../samples/dates.ts";
import { sampleEntry } from "../../samples/ledger.ts";

/** What each column of the last entry is changed to. */
const CHANGES: Readonly<Record<string, string>> = {
  tenant_id: "'t_other'",
  seq: "7",
  key: "'other'",
  kind: "'gift'",
  amount: "amount + 1",
  expired: "1",
  monthly: "monthly + 1",
  packs: "packs + 1",
  debt: "1",
  reserved: "1",
  month_grant: "'{'",
  months: "'{'",
  hold: "'{'",
  reason: "'other'",
  source: "'other'",
  halted: "1 - halted",
  at: "at + 1",
  previous_hash: "'other'",
  key_id: "'other'",
  hash: "'other'",
};

describe("appending in one step on SQLite", () => {
  const opened = useFresh(async () => {
    const folder = temporaryFolder();
    const path = join(folder.path, "billing.db");
    const store = openSqliteStore(path);
    const raw = new DatabaseSync(path);
    const close = async () => {
      raw.close();
      await store.close();
      folder.remove();
    };
    return { store, raw, close };
  });
  const [first, second] = [1, 2].map((seq) =>
    sampleEntry(seq, { tenantId: TENANT, keyId: null }),
  ) as [ReturnType<typeof sampleEntry>, ReturnType<typeof sampleEntry>];
  const reminder = { tenantId: TENANT, key: "one", expiresAt: NOW, seq: 2 };
  const due = () => opened.store.reservations.due({ now: NOW, limit: 9, tenantId: TENANT });
  const append = (
    together: Parameters<typeof opened.store.ledger.append>[2],
    entry: typeof second = second,
  ) => opened.store.ledger.append(entry, headMove(first, entry, NO_LEDGER_KEYS), together);

  beforeEach(() => opened.store.ledger.append(first, headMove(undefined, first, NO_LEDGER_KEYS)));

  it("P30 follows the last entry as it is known", async () => {
    expect(await append({ after: first })).to.equal("appended");
    expect(await opened.store.ledger.last(TENANT)).to.deep.equal(second);
  });

  it("P30 names every column of an entry", () => {
    const columns = opened.raw.prepare("PRAGMA table_info(ledger_entries)").all();
    expect(columns.map(({ name }) => name)).to.have.members(Object.keys(CHANGES));
  });

  for (const [column, value] of Object.entries(CHANGES)) {
    it(`P30 does not follow an entry whose ${column} was changed`, async () => {
      opened.raw.exec(`UPDATE ledger_entries SET ${column} = ${value}`);
      expect(await append({ after: first })).to.equal("seq_taken");
      const { count } =
        opened.raw.prepare("SELECT count(*) AS count FROM ledger_entries").get() ?? {};
      expect(count).to.equal(1);
    });
  }

  it("P30 follows no entry that was removed, nor one that has a follower", async () => {
    expect(
      await append({ after: second }, sampleEntry(3, { tenantId: TENANT, keyId: null })),
    ).to.equal("seq_taken");
    opened.raw.exec("UPDATE ledger_entries SET seq = 9");
    expect(await append({ after: first })).to.equal("seq_taken");
    opened.raw.exec("DELETE FROM ledger_entries");
    expect(await append({ after: first })).to.equal("seq_taken");
  });

  it("P28 keeps and drops a reminder with the entry, or neither", async () => {
    const keep = { type: "keep", reminder } as const;
    expect(await append({ after: second, reminder: keep })).to.equal("seq_taken");
    expect(await due()).to.deep.equal([]);
    expect(await append({ reminder: keep }, { ...second, key: first.key })).to.equal("key_taken");
    expect(await due()).to.deep.equal([]);
    expect(await append({ reminder: keep })).to.equal("appended");
    expect(await due()).to.deep.equal([reminder]);
    const drop = { type: "drop", tenantId: TENANT, key: "one" } as const;
    const third = sampleEntry(3, { tenantId: TENANT, keyId: null });
    expect(await append({ reminder: drop }, { ...third, key: first.key })).to.equal("key_taken");
    expect(await due()).to.deep.equal([reminder]);
    expect(await append({ reminder: drop }, third)).to.equal("head_left");
    expect(await due()).to.deep.equal([]);
  });
});

describe("what spending costs on SQLite", () => {
  const fixture = useBilling();
  const costs = async (work: () => Promise<unknown>) => {
    const { statements, commits } = await countSqlite(work);
    const own = statements.filter((sql) => !/ FROM (notification_records|top_ups) /.test(sql));
    return [own.length, commits];
  };
  const spend = (key: string) => () =>
    fixture.billing.spendTokens.execute({ tenantId: TENANT, key, tokens: 1 });
  const reserve = (key: string) => () =>
    fixture.billing.reserveTokens.execute({ tenantId: TENANT, key, tokens: 2 });
  const commit = (key: string) => () =>
    fixture.billing.commitReservation.execute({ tenantId: TENANT, key, tokens: 1 });

  beforeEach(async () => {
    await fixture.addSubscriber();
    await spend("first")();
  });

  it("P27 a debit is 5 statements and one commit", async () => {
    expect(await costs(spend("one"))).to.deep.equal([5, 1]);
    expect(await costs(spend("two"))).to.deep.equal([5, 1]);
  });

  it("P28 a reservation is 6 statements and one commit, and its end 7 and one", async () => {
    expect(await costs(reserve("one"))).to.deep.equal([6, 1]);
    expect(await costs(commit("one"))).to.deep.equal([7, 1]);
  });
});
