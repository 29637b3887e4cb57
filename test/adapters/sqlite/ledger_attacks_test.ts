import { DatabaseSync } from "node:sqlite";
import { openSqliteStore } from "../../../src/adapters/sqlite/open_sqlite_store.ts";
import {
  describeLedgerAttacks,
  type RawAttack,
} from "../../contracts/ledger/describe_ledger_attacks.ts";
import { VICTIM } from "../../contracts/ledger/ledger_attacks.ts";
import { temporaryFolder } from "../../rig/temporary_folder.ts";
import { useFresh } from "../../rig/use_fresh.ts";

const IN_WRONG_FORM: Readonly<Record<string, string>> = {
  "kind that is none": "kind = 'gift'",
  "months that are no JSON": "months = '{'",
  "months that are null in JSON": "months = 'null'",
  "months that are a list": "months = '[]'",
  "months without a beginning": "months = json_remove(months, '$.since')",
  "hold that is no JSON": "hold = 'x'",
  "hold with an instant that is none": `hold = '{"monthly":1,"packs":0,"expiresAt":"x"}'`,
  "grant that is a number": "month_grant = '7'",
  "amount beyond what is exact": "amount = 1152921504606846976",
  "balance beyond what is exact": "monthly = 9223372036854775807",
  "time that is none": "at = 9007199254740000",
  "time beyond what is exact": "at = 1152921504606846976",
  "reason with a character of no meaning": "reason = char(0)",
  "hash that is empty": "hash = ''",
};

describe("P30 Attacks on ledgers in SQLite", () => {
  const opened = useFresh(async () => {
    const folder = temporaryFolder();
    const path = `${folder.path}/billing.db`;
    const store = openSqliteStore(path);
    const connection = new DatabaseSync(path);
    const raw = {
      removeEntries: async (tenantId: string, seqs: readonly number[]) => {
        const remove = connection.prepare(
          "DELETE FROM ledger_entries WHERE tenant_id = ? AND seq = ?",
        );
        for (const seq of seqs) {
          remove.run(tenantId, seq);
        }
      },
      removeHead: async (tenantId: string) => {
        connection.prepare("DELETE FROM ledger_heads WHERE tenant_id = ?").run(tenantId);
      },
    };
    const close = async () => {
      connection.close();
      await store.close();
      folder.remove();
    };
    return { store, raw, close, connection };
  });

  const update = (change: string, seq: number) => async () =>
    opened.connection.exec(
      `UPDATE ledger_entries SET ${change} WHERE tenant_id = '${VICTIM}' AND seq = ${seq}`,
    );
  const attacks: readonly RawAttack[] = [
    ...Object.entries(IN_WRONG_FORM).map(([what, change]) => ({
      name: `an entry with a ${what}`,
      foundAt: 5,
      attack: update(change, 5),
    })),
    ...Object.entries(IN_WRONG_FORM).map(([what, change]) => ({
      name: `a last entry with a ${what}`,
      foundAt: 10,
      attack: update(change, 10),
    })),
    {
      name: "an entry with a number beyond what is exact",
      foundAt: 6,
      attack: update("seq = 1152921504606846976", 5),
    },
    {
      name: "a last entry with a number beyond what is exact",
      foundAt: 10,
      attack: update("seq = 1152921504606846976", 10),
    },
    {
      name: "a head with a number beyond what is exact",
      foundAt: 10,
      attack: async () =>
        opened.connection.exec(
          `UPDATE ledger_heads SET seq = 1152921504606846976 WHERE tenant_id = '${VICTIM}'`,
        ),
    },
  ];
  describeLedgerAttacks(() => opened, attacks);
});
