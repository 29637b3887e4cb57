import { isLive } from "../../../sandbox/engine/subscriptions.ts";
import type { WireSubscription } from "../../../sandbox/state/wire.ts";
import { TENANTS, type World } from "../world.ts";
import { type Books, booksOf } from "./books.ts";

/** What is counted. */
export const MEASURES = ["emails", "tokens"] as const;

export type Measure = (typeof MEASURES)[number];

/** Amounts of both. */
export type Amounts = Record<Measure, number>;

const DAY_MS = 86_400_000;
const MOST_EMAILS = 100_000;

/**
 * A tenant at the service and at the provider that uses everything at every moment, and what the
 * service let it use: under paid plans, and by calendar month under the free one.
 */
export class SpendingTenant {
  readonly tenantId = TENANTS[0];
  readonly world: World;
  readonly used: Amounts = { emails: 0, tokens: 0 };
  readonly usedFree = new Map<string, Amounts>();
  /** The plan whose limits hold, and why, as the service says. */
  plan = "free";
  reason = "";
  /** Whether it uses what it can. */
  spends = true;
  /** Is called after each look. */
  afterLook: (tenant: SpendingTenant) => void = () => undefined;
  #uses = 0;

  constructor(world: World, start: Date) {
    this.world = world;
    world.provider.advanceTo(start.getTime());
  }

  get nowMs(): number {
    return this.world.provider.nowMs();
  }

  /** The provider's books about this tenant. */
  books(): Books {
    return booksOf(this.world.provider.state, this.tenantId);
  }

  /** Its subscriptions, oldest first. */
  subscriptions(): WireSubscription[] {
    const { customers, subscriptions } = this.world.provider.state;
    return [...customers.values()]
      .filter(({ metadata }) => metadata.tenantId === this.tenantId)
      .flatMap(({ id }) => subscriptions.of(id));
  }

  /** Its newest subscription that lives. */
  live(): WireSubscription | undefined {
    return this.subscriptions().findLast(isLive);
  }

  /**
   * Moves time on, with a look at every moment at which something falls due at the provider, and
   * every few days besides.
   */
  async until(ms: number, { everyDays = 5 }: { everyDays?: number } = {}): Promise<void> {
    for (;;) {
      await this.look();
      if (this.nowMs >= ms) {
        return;
      }
      const due = (this.world.provider.nextDueAt() ?? Number.POSITIVE_INFINITY) * 1_000;
      const next = Math.min(ms, this.nowMs + everyDays * DAY_MS, Math.max(due, this.nowMs + 1_000));
      this.world.provider.advanceTo(next);
    }
  }

  /** Moves time on without a look: webhooks are lost. */
  unseenUntil(ms: number): void {
    this.world.provider.advanceTo(ms);
  }

  /** Looks at the provider where anything has happened there, and uses everything. */
  async look(process = 0): Promise<void> {
    if (this.world.mail.length > 0) {
      await this.lookAnyway(process);
    } else {
      await this.#read(process);
    }
  }

  /** Looks at the provider, and uses everything. */
  async lookAnyway(process = 0): Promise<void> {
    this.world.mail.length = 0;
    const { tenantId } = this;
    await this.world.process(process).synchronizeTenant.execute({ tenantId, packs: false });
    await this.#read(process);
  }

  async #read(process: number): Promise<void> {
    const { tenantId } = this;
    const seen = await this.world.process(process).readSubscription.execute({ tenantId });
    this.plan = seen.effectivePlanSlug;
    this.reason = seen.reason;
    if (this.spends) {
      await this.spend(process);
    }
    this.afterLook(this);
  }

  /** Uses all that is left; e-mails to the limit. */
  async spend(process = 0): Promise<void> {
    await this.use("emails", Number.POSITIVE_INFINITY, process);
    await this.use("tokens", Number.POSITIVE_INFINITY, process);
  }

  /** Uses a share of what is left of the month. */
  async useShare(share: number): Promise<void> {
    const { tenantId } = this;
    const billing = this.world.process(0);
    const { emails } = await billing.readUsage.execute({ tenantId });
    await this.use("emails", Math.floor(((emails.limit ?? 0) - emails.used) * share));
    const { balance } = await billing.readTokens.execute({ tenantId, limit: 1 });
    await this.use("tokens", Math.floor(balance.monthly * share));
  }

  /** Uses as much as the service lets it, at most `most`. */
  async use(measure: Measure, most: number, process = 0): Promise<void> {
    const billing = this.world.process(process);
    const { tenantId } = this;
    if (measure === "emails") {
      const { emails } = await billing.readUsage.execute({ tenantId });
      let left = Math.min(most, (emails.limit ?? 0) - emails.used);
      while (left > 0) {
        const count = Math.min(left, MOST_EMAILS);
        const sent = await billing.consumeEmailQuota.execute({ tenantId, count });
        if (sent.type !== "counted") {
          return;
        }
        this.#count("emails", count);
        left -= count;
      }
      return;
    }
    const { balance } = await billing.readTokens.execute({ tenantId, limit: 1 });
    const monthly = Math.min(most, balance.monthly);
    const packs = Math.min(most - monthly, balance.packs);
    const tokens = monthly + packs;
    if (tokens > 0) {
      this.#uses += 1;
      const key = `use-${this.#uses}`;
      const spent = await billing.spendTokens.execute({ tenantId, key, tokens });
      if (spent.type === "recorded") {
        this.#count("tokens", monthly);
        // Nobody buys packs here: these are months that were made good.
        this.used.tokens += packs;
      }
    }
  }

  #count(measure: Measure, amount: number): void {
    if (this.plan !== "free") {
      this.used[measure] += amount;
      return;
    }
    const month = new Date(this.nowMs).toISOString().slice(0, 7);
    const free = this.usedFree.get(month) ?? { emails: 0, tokens: 0 };
    free[measure] += amount;
    this.usedFree.set(month, free);
  }
}
