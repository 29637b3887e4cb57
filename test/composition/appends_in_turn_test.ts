import { setImmediate as turn } from "node:timers/promises";
import { expect } from "chai";
import type { Billing } from "../../src/application/billing.ts";
import type { TokenLedgerStore } from "../../src/application/ports/tokens/token_ledger_store.ts";
import { useBilling } from "../rig/billing_fixture.ts";
import { TENANT } from "../samples/account.ts";
import { samplePack } from "../samples/token_pack.ts";

const tenantId = TENANT;

/** What appends to a ledger, by the way that leads to it. */
const APPENDERS: Readonly<Record<string, (billing: Billing) => Promise<unknown>>> = {
  "an event": (billing) => billing.handleStripeEvent.execute({ eventId: "evt_one" }),
  "a purchase": (billing) => billing.syncTokenPacks.execute({ tenantId }),
  "a read": (billing) => billing.readTokens.execute({ tenantId, limit: 1 }),
  "a spend": (billing) => billing.spendTokens.execute({ tenantId, key: "call", tokens: 1 }),
  "a reservation": (billing) => billing.reserveTokens.execute({ tenantId, key: "job", tokens: 1 }),
  "a correction": (billing) =>
    billing.adjustTokens.execute({ tenantId, tokens: 1, reason: "a test", operator: "Ada" }),
  "a reconciliation": (billing) => billing.reconcile.execute({ tenantId }),
};

describe("appends of one process", () => {
  const fixture = useBilling();
  let outcomes: string[];
  let billing: Billing;

  beforeEach(async () => {
    await fixture.addSubscriber();
    await fixture.receive();
    fixture.packs.truth = [samplePack()];
    outcomes = [];
    billing = fixture.process({ store: { ...fixture.store, ledger: slowLedger() } });
  });

  /** The store's ledger; others have their turn between a read and what follows it. */
  function slowLedger(): TokenLedgerStore {
    const { ledger } = fixture.store;
    return new Proxy(ledger, {
      get: (target, name: keyof TokenLedgerStore) => {
        switch (name) {
          case "last":
            return async (tenant: string) => {
              const last = await target.last(tenant);
              await turn();
              return last;
            };
          case "append":
            return async (...entry: Parameters<TokenLedgerStore["append"]>) => {
              const outcome = await target.append(...entry);
              outcomes.push(outcome);
              return outcome;
            };
          default:
            return target[name]?.bind(target);
        }
      },
    });
  }

  const names = Object.keys(APPENDERS);
  const pairs = names.flatMap((one, index) => names.slice(index).map((other) => [one, other]));
  for (const [one = "", other = ""] of pairs) {
    it(`P30 wait for each other, so that none is in vain: ${one} and ${other}`, async () => {
      await Promise.all([one, other].map((name) => APPENDERS[name]?.(billing)));
      expect(outcomes).to.include("appended").and.not.include("seq_taken");
    });
  }
});
