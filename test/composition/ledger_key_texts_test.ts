import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { expect } from "chai";
import { ledgerKeyIds, ledgerKeyTexts } from "../../src/composition/ledger_key_texts.ts";
import { isLedgerKey } from "../../src/domain/tokens/ledger_keys.ts";
import { settingsOf } from "../rig/settings_of.ts";
import { useTemporaryFolder } from "../rig/temporary_folder.ts";

const KEY = `2026:${"k".repeat(32)}`;

describe("ledgerKeyTexts", () => {
  const inFolder = useTemporaryFolder();

  it("P30 takes those that are set, and makes none", () => {
    const SQLITE_PATH = inFolder("billing.db");
    const settings = settingsOf({ LEDGER_KEYS: KEY, SQLITE_PATH });
    expect(ledgerKeyTexts(settings)).to.deep.equal([KEY]);
    expect(ledgerKeyIds(settings)).to.deep.equal(["2026"]);
    expect(existsSync(`${SQLITE_PATH}.ledger_key`)).to.equal(false);
  });

  it("P30 makes one in development, once, for its owner only, and no half of one", () => {
    const SQLITE_PATH = inFolder("new", "billing.db");
    const settings = settingsOf({ SQLITE_PATH });
    const [first] = ledgerKeyTexts(settings);
    expect(isLedgerKey(first ?? "")).to.equal(true);
    expect(ledgerKeyTexts(settings)).to.deep.equal([first]);
    const path = `${SQLITE_PATH}.ledger_key`;
    expect(readFileSync(path, "utf8")).to.equal(first);
    expect(statSync(path).mode & 0o777).to.equal(0o600);
    expect(readdirSync(inFolder("new"))).to.deep.equal(["billing.db.ledger_key"]);
    expect(ledgerKeyIds(settings)).to.deep.equal([first?.split(":")[0]]);
  });

  it("P30 keeps nothing where the database keeps nothing", () => {
    const settings = settingsOf({ SQLITE_PATH: ":memory:" });
    const [one, two] = [ledgerKeyTexts(settings), ledgerKeyTexts(settings)];
    expect(one).to.not.deep.equal(two);
  });
});
