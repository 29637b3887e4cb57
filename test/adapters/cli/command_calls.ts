const BY_HAND = ["--tenant", "clacme0001", "--reason", "a test"];

/** What each command that prints is called with, and how it then ends. MongoDB is not there. */
export const COMMAND_CALLS: Readonly<Record<string, { args: readonly string[]; code: number }>> = {
  "plans sync": { args: ["--dry-run"], code: 0 },
  doctor: { args: [], code: 0 },
  "events list": { args: ["--limit", "3"], code: 0 },
  "events show": { args: ["evt_unknown"], code: 1 },
  "events replay": { args: ["evt_unknown"], code: 1 },
  "events stats": { args: [], code: 0 },
  "attention list": { args: ["--all"], code: 0 },
  "attention resolve": { args: ["no_plan_item:clacme0001:sub_none"], code: 1 },
  "webhooks list": { args: [], code: 0 },
  "webhooks add": { args: ["https://hooks.example.com/billing", "pack.bought"], code: 0 },
  "webhooks secret": { args: ["whe_unknown"], code: 1 },
  "webhooks remove": { args: ["whe_unknown"], code: 1 },
  "webhooks deliveries": { args: ["whe_unknown"], code: 1 },
  "webhooks replay": { args: ["whe_unknown", "one"], code: 1 },
  "audit list": { args: ["--tenant", "clacme0001"], code: 1 },
  "tenant end": { args: ["clnobody01"], code: 1 },
  reconcile: { args: ["--dry-run"], code: 0 },
  "ledger verify": { args: [], code: 0 },
  "ledger adjust": { args: [...BY_HAND, "--amount", "5"], code: 1 },
  "ledger resume": { args: BY_HAND, code: 1 },
  "indexes check": { args: [], code: 78 },
  "indexes sync": { args: [], code: 78 },
  migrate: { args: ["--from", "sqlite", "--to", "mongodb"], code: 78 },
};
