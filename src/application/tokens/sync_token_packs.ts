import type { AttentionItem } from "../../domain/attention/attention_item.ts";
import { attentionItem } from "../../domain/attention/attention_kinds.ts";
import { type BillingAccount, isEnded } from "../../domain/subscription/billing_account.ts";
import { packEntry, packKey } from "../../domain/tokens/token_ledger_packs.ts";
import type { PackPurchase } from "../../domain/tokens/token_pack.ts";
import { coalesce } from "../coalesce.ts";
import type { Clock } from "../ports/clock.ts";
import { PortError } from "../ports/port_error.ts";
import type { AccountStore } from "../ports/subscription/account_store.ts";
import type { PaymentGateway } from "../ports/subscription/payment_gateway.ts";
import type { AppendableLedger } from "../ports/tokens/token_ledger_store.ts";
import type { TokenPackPayments } from "../ports/tokens/token_pack_payments.ts";
import type { TopUpStore } from "../ports/tokens/top_up_store.ts";
import type { AppendToLedger, LedgerDecision } from "./append_to_ledger.ts";
import type { NameOne } from "./name_made_good.ts";
import { nextPackStepOf } from "./next_pack_step_of.ts";

/** How often a call may find that the facts have changed again. */
const MAX_LOOKS = 10;

/**
 * Brings a tenant's ledger in line with the packs it has bought: paid, refunded, disputed (P09,
 * P29). Safe to run at any time, any number of times, in any number of processes. After changing
 * the ledger, it looks once more, which corrects a look that was overtaken.
 */
export class SyncTokenPacks {
  readonly #accounts: AccountStore;
  readonly #ledger: Pick<AppendableLedger, "find">;
  readonly #appendToLedger: AppendToLedger;
  readonly #packPayments: TokenPackPayments;
  readonly #payments: Pick<PaymentGateway, "keptMoney">;
  readonly #topUps: Pick<TopUpStore, "find">;
  readonly #nameAttention: NameOne;
  readonly #clock: Clock;
  readonly #synchronize = coalesce((tenantId) => this.#lookUntilEven(tenantId));

  constructor(dependencies: {
    accounts: AccountStore;
    ledger: Pick<AppendableLedger, "find">;
    appendToLedger: AppendToLedger;
    packPayments: TokenPackPayments;
    payments: Pick<PaymentGateway, "keptMoney">;
    topUps: Pick<TopUpStore, "find">;
    nameAttention: NameOne;
    clock: Clock;
  }) {
    this.#accounts = dependencies.accounts;
    this.#ledger = dependencies.ledger;
    this.#appendToLedger = dependencies.appendToLedger;
    this.#packPayments = dependencies.packPayments;
    this.#payments = dependencies.payments;
    this.#topUps = dependencies.topUps;
    this.#nameAttention = dependencies.nameAttention;
    this.#clock = dependencies.clock;
  }

  /**
   * Looks at the payment provider, after this call began, and records what is new.
   *
   * @throws {PortError}
   */
  execute({ tenantId }: { tenantId: string }): Promise<void> {
    return this.#synchronize(tenantId);
  }

  async #lookUntilEven(tenantId: string): Promise<void> {
    const account = await this.#accounts.find(tenantId);
    const customerId = account?.customerId ?? null;
    if (account === undefined || customerId === null) {
      return;
    }
    const credits = !isEnded(account, this.#clock());
    const topUps = (await this.#topUps.find(tenantId)) !== undefined;
    for (let look = 1; look <= MAX_LOOKS; look += 1) {
      let changed = false;
      const purchases = await this.#packPayments.purchases(customerId, tenantId, topUps);
      for (const purchase of purchases) {
        changed = (await this.#record(tenantId, purchase, credits)) || changed;
      }
      if (!changed) {
        return credits ? undefined : await this.#nameUncredited(account, purchases);
      }
    }
    throw new PortError(`Cannot record the token packs of "${tenantId}": they keep changing`, {
      transient: true,
    });
  }

  /**
   * Names what an ended tenant has paid for and never got (P41). A list without any purchase, as of a
   * customer that was removed, shows nothing about those named before.
   */
  async #nameUncredited(
    { tenantId, revision, ending }: BillingAccount,
    purchases: readonly PackPurchase[],
  ): Promise<void> {
    if (purchases.length === 0) {
      return;
    }
    const since = ending?.at ?? this.#clock();
    const found: AttentionItem[] = [];
    for (const { sessionId: subject, packSlug, tokens } of purchases.filter(({ paid }) => paid)) {
      const isCredited = (await this.#ledger.find(tenantId, packKey(subject))) !== undefined;
      if (!isCredited && (await this.#payments.keptMoney(subject)).amount > 0) {
        const facts = { tenantId, subject, packSlug, tokens, since };
        found.push(attentionItem("unexplained_pack", facts));
      }
    }
    const looked = ["unexplained_pack"] as const;
    await this.#nameAttention.execute({ tenantId, revision, found, looked });
  }

  /** Appends every step that the purchase needs; returns whether there was one. */
  async #record(tenantId: string, purchase: PackPurchase, credits: boolean): Promise<boolean> {
    let changed = false;
    for (;;) {
      const next = await nextPackStepOf(this.#ledger, tenantId, purchase);
      // What an ended tenant pays for gives it nothing; refunds still count (P44).
      if (next === undefined || (next.type === "credit" && !credits)) {
        return changed;
      }
      const outcome = await this.#appendToLedger.execute({
        tenantId,
        // The step is decided anew for the last entry it follows, whoever recorded something since.
        decide: async (last): Promise<LedgerDecision<"even">> => {
          const step = await nextPackStepOf(this.#ledger, tenantId, purchase);
          return step === undefined
            ? { decline: "even" }
            : { append: packEntry(last, step, { tenantId, now: this.#clock() }) };
        },
      });
      changed = changed || outcome.type === "appended";
    }
  }
}
