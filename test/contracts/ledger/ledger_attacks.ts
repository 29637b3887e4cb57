import type { LedgerEntry } from "../../../src/domain/tokens/token_ledger.ts";
import { sealEntry } from "../../../src/domain/tokens/token_ledger_seal.ts";
import type { LedgerVandal } from "./ledger_vandal.ts";

/** The tenant that is attacked, and a sound one with a ledger as long: ten entries. */
export const VICTIM = "clacme0001";
export const OTHER = "clacme0002";

/** What is done to the victim's ledger, and the position at which it has to be found first. */
export interface LedgerAttack {
  readonly name: string;
  readonly foundAt: number;
  readonly attack: (vandal: LedgerVandal) => Promise<void>;
}

const FIELDS: Readonly<Record<string, Partial<LedgerEntry>>> = {
  amount: { amount: -2 },
  "balance of the month": { monthly: 1_000_000 },
  packs: { packs: 5 },
  debt: { debt: 5 },
  "reserved tokens": { reserved: 5 },
  expired: { expired: 3 },
  key: { key: "debit:other" },
  kind: { kind: "adjustment" },
  time: { at: new Date("2026-03-15T12:00:00.001Z") },
  reason: { reason: "other" },
  source: { source: null },
  halt: { halted: true },
  months: { months: null },
  grant: { grant: { key: "grant:a", tokens: 1, expiresAt: new Date(1) } },
  hold: { hold: { monthly: 1, packs: 0, grantKey: null, expiresAt: new Date(1) } },
  "hash of the entry before": { previousHash: "" },
  hash: { hash: "a".repeat(64) },
  "key's id, to another of ours": { keyId: "2025" },
  "key's id, to an unknown one": { keyId: "1999" },
  "key's id, to none": { keyId: null },
};

/** Attacks that both stores let somebody make. */
export const LEDGER_ATTACKS: readonly LedgerAttack[] = [
  ...Object.entries(FIELDS).map(([field, change]) => ({
    name: `an entry's ${field} changed`,
    foundAt: 5,
    attack: (vandal: LedgerVandal) => vandal.change(VICTIM, 5, change),
  })),
  {
    name: "an entry removed",
    foundAt: 6,
    attack: (vandal) => vandal.remove(VICTIM, 5),
  },
  {
    name: "the first entry removed",
    foundAt: 2,
    attack: (vandal) => vandal.remove(VICTIM, 1),
  },
  {
    name: "the last entry removed",
    foundAt: 10,
    attack: (vandal) => vandal.cut(VICTIM, 10),
  },
  {
    name: "the last three entries removed",
    foundAt: 8,
    attack: (vandal) => vandal.cut(VICTIM, 8),
  },
  {
    name: "the last entries removed, and the head",
    foundAt: 7,
    attack: async (vandal) => {
      await vandal.cut(VICTIM, 8);
      await vandal.removeHead(VICTIM);
    },
  },
  {
    name: "the last entries removed, and the head wound back without a seal",
    foundAt: 7,
    attack: async (vandal) => {
      await vandal.cut(VICTIM, 8);
      await vandal.plainHead(VICTIM, 7);
    },
  },
  {
    name: "the last entries removed, and the head wound back with its seal",
    foundAt: 7,
    attack: async (vandal) => {
      await vandal.cut(VICTIM, 8);
      const { seq, hash } = await vandal.entry(VICTIM, 7);
      await vandal.changeHead(VICTIM, { seq, hash });
    },
  },
  {
    name: "the whole ledger removed",
    foundAt: 1,
    attack: (vandal) => vandal.cut(VICTIM, 1),
  },
  {
    name: "the head removed",
    foundAt: 10,
    attack: (vandal) => vandal.removeHead(VICTIM),
  },
  {
    name: "the head's seal taken away",
    foundAt: 10,
    attack: (vandal) => vandal.changeHead(VICTIM, { keyId: null, seal: "" }),
  },
  {
    name: "the head sealed with an unknown key",
    foundAt: 10,
    attack: (vandal) => vandal.changeHead(VICTIM, { keyId: "1999" }),
  },
  {
    name: "the head moved ahead",
    foundAt: 10,
    attack: (vandal) => vandal.changeHead(VICTIM, { seq: 99 }),
  },
  {
    name: "two entries swapped",
    foundAt: 5,
    attack: async (vandal) => {
      const [five, six] = [await vandal.entry(VICTIM, 5), await vandal.entry(VICTIM, 6)];
      await vandal.remove(VICTIM, 5, 6);
      await vandal.insert({ ...five, seq: 6 });
      await vandal.insert({ ...six, seq: 5 });
    },
  },
  {
    name: "an entry moved to another number",
    foundAt: 6,
    attack: (vandal) => vandal.change(VICTIM, 5, { seq: 50 }),
  },
  {
    name: "an entry inserted before the first",
    foundAt: 0,
    attack: async (vandal) => {
      await vandal.insert({ ...(await vandal.entry(VICTIM, 5)), seq: 0, key: "debit:z" });
    },
  },
  {
    name: "an entry repeated at the end",
    foundAt: 11,
    attack: async (vandal) => {
      await vandal.insert({ ...(await vandal.entry(VICTIM, 5)), seq: 11, key: "debit:z" });
    },
  },
  {
    name: "a gift appended without a seal",
    foundAt: 11,
    attack: (vandal) => gift(vandal, {}),
  },
  {
    name: "a gift appended without a seal, and the head with it",
    foundAt: 11,
    attack: async (vandal) => {
      await gift(vandal, {});
      await vandal.plainHead(VICTIM, 11);
    },
  },
  {
    name: "a gift appended under our key's name",
    foundAt: 11,
    attack: (vandal) => gift(vandal, { keyId: "2026" }),
  },
  {
    name: "a gift appended, as an operator who lets spending go on",
    foundAt: 11,
    attack: (vandal) => gift(vandal, { source: "operator:Ada", halted: false }),
  },
  {
    name: "a change acknowledged by an entry that was changed, too",
    foundAt: 5,
    attack: async (vandal) => {
      await vandal.change(VICTIM, 5, { amount: -2 });
      await vandal.change(VICTIM, 8, { halted: true });
    },
  },
  {
    name: "all later entries chained anew without a seal",
    foundAt: 5,
    attack: (vandal) => vandal.forge(VICTIM, 5, raise),
  },
  {
    name: "all later entries chained anew without a seal, and the head with them",
    foundAt: 5,
    attack: async (vandal) => {
      await vandal.forge(VICTIM, 5, raise);
      await vandal.plainHead(VICTIM, 10);
    },
  },
  {
    name: "the whole ledger chained anew without a seal",
    foundAt: 10,
    attack: (vandal) => vandal.forge(VICTIM, 1, (entry) => entry),
  },
  {
    name: "the whole ledger chained anew without a seal, and the head with it",
    foundAt: 10,
    attack: async (vandal) => {
      await vandal.forge(VICTIM, 1, (entry) => entry);
      await vandal.plainHead(VICTIM, 10);
    },
  },
  {
    name: "the whole ledger chained anew without a seal, and the head removed",
    foundAt: 10,
    attack: async (vandal) => {
      await vandal.forge(VICTIM, 1, (entry) => entry);
      await vandal.removeHead(VICTIM);
    },
  },
  {
    name: "another tenant's entry moved here",
    foundAt: 5,
    attack: async (vandal) => {
      await vandal.remove(VICTIM, 5);
      await vandal.insert({ ...(await vandal.entry(OTHER, 5)), tenantId: VICTIM });
    },
  },
  {
    name: "another tenant's ledger copied here, with its head",
    foundAt: 1,
    attack: async (vandal) => {
      await vandal.cut(VICTIM, 1);
      for (const entry of await vandal.entries(OTHER)) {
        await vandal.insert({ ...entry, tenantId: VICTIM });
      }
      await vandal.plainHead(VICTIM, 10);
    },
  },
  {
    name: "the ledger of an earlier day put back under today's head",
    foundAt: 5,
    attack: async (vandal) => {
      const earlier = (await vandal.entries(VICTIM)).slice(0, 4);
      await vandal.cut(VICTIM, 1);
      for (const entry of earlier) {
        await vandal.insert(entry);
      }
    },
  },
];

/** Attacks that an append by the service comes after, before anybody looks. */
export const ATTACKS_BEFORE_APPENDS: readonly LedgerAttack[] = [
  {
    name: "the last entries removed",
    foundAt: 10,
    attack: (vandal) => vandal.cut(VICTIM, 8),
  },
  {
    name: "the last entries removed, and the head",
    foundAt: 10,
    attack: async (vandal) => {
      await vandal.cut(VICTIM, 8);
      await vandal.removeHead(VICTIM);
    },
  },
  {
    name: "the last entries removed, and the head wound back without a seal",
    foundAt: 10,
    attack: async (vandal) => {
      await vandal.cut(VICTIM, 8);
      await vandal.plainHead(VICTIM, 7);
    },
  },
  {
    name: "a gift appended without a seal",
    foundAt: 11,
    attack: (vandal) => gift(vandal, {}),
  },
  {
    name: "a gift appended under our key's name",
    foundAt: 11,
    attack: (vandal) => gift(vandal, { keyId: "2026" }),
  },
  {
    name: "the whole ledger chained anew without a seal, and the head with it",
    foundAt: 13,
    attack: async (vandal) => {
      await vandal.forge(VICTIM, 1, (entry) => entry);
      await vandal.plainHead(VICTIM, 10);
    },
  },
];

/** The balance that somebody would like to have. */
function raise(entry: LedgerEntry): LedgerEntry {
  return entry.seq === 5
    ? { ...entry, packs: 1_000, amount: entry.amount + 1_000 }
    : { ...entry, packs: 1_000 };
}

async function gift(vandal: LedgerVandal, changes: Partial<LedgerEntry>): Promise<void> {
  const last = await vandal.entry(VICTIM, 10);
  const { hash, keyId: _, previousHash: __, ...content } = last;
  const kind = "adjustment" as const;
  const given = { ...content, kind, seq: 11, key: "adjustment:gift", amount: 1_000, packs: 1_000 };
  await vandal.insert({ ...(await sealEntry({ ...given, ...changes }, hash)), ...changes });
}
