import type { Catalog } from "../../domain/catalog/catalog.ts";
import { type PaperworkSettings, paperworkOf } from "../../domain/catalog/paperwork.ts";
import {
  choosePlan,
  type PlanChoice,
  type PlanChoiceRefusal,
  type PlanSelection,
} from "../../domain/catalog/plan_choice.ts";
import {
  type ChangeTiming,
  nextPlanStep,
  type PlanStep,
} from "../../domain/checkout/plan_change.ts";
import {
  type RedirectPolicy,
  type RedirectProblem,
  redirectProblems,
} from "../../domain/checkout/redirect_url.ts";
import type { BillingAccount } from "../../domain/subscription/billing_account.ts";
import type { LookedAt } from "../../domain/subscription/looked_at.ts";
import { trialDaysFor } from "../../domain/subscription/subscription.ts";
import { requireCatalog } from "../catalog/require_catalog.ts";
import type { CatalogStore } from "../ports/catalog/catalog_store.ts";
import type { Clock } from "../ports/clock.ts";
import { PortError } from "../ports/port_error.ts";
import type { PaymentGateway, PortalFlow } from "../ports/subscription/payment_gateway.ts";
import { requireNotEnding } from "../ports/tenant_ended_error.ts";
import type { SynchronizeTenant } from "../synchronization/synchronize_tenant.ts";
import type { OpenCheckout } from "./open_checkout.ts";
import type { ResumeSubscription } from "./resume_subscription.ts";

/** How often to look again at a subscription that appears or disappears meanwhile. */
const MAX_TURNS = 3;

/** A tenant's request to pay for a plan. */
export interface StartCheckoutCommand extends PlanSelection {
  readonly tenantId: string;
  readonly successUrl: string;
  readonly cancelUrl: string;
}

/** Why the tenant is sent to the Portal instead of Checkout. */
export type PortalPurpose =
  | "confirm_change"
  /** To pay an open invoice on its own page. */
  | "pay_invoice"
  /** To use another card, because there is no such page (yet). */
  | "fix_payment"
  /** To undo the scheduled end of the subscription first. */
  | "keep_subscription"
  /** To undo another scheduled change first. */
  | "review_scheduled_change"
  /** None: the plan was paused and has been resumed. */
  | "resumed";

/** The outcome of a request to pay for a plan. */
export type StartCheckoutOutcome =
  | { readonly type: "started"; readonly url: string }
  | {
      readonly type: "portal";
      readonly url: string;
      readonly purpose: PortalPurpose;
      /** When the change takes effect, once it is confirmed (P19). */
      readonly change: ChangeTiming | null;
    }
  | { readonly type: "invalid_redirect"; readonly problems: readonly RedirectProblem[] }
  | PlanChoiceRefusal
  | Extract<PlanStep, { type: "already_on_plan" | "waiting" | "unchangeable" }>
  /** Another Checkout of the same tenant was started in the meantime and replaces this one. */
  | { readonly type: "superseded" };

/**
 * Leads a tenant to a plan: to the Checkout of a new subscription or, if it already has one, to the
 * Portal page that confirms the change or takes the payment due (P17). Never opens a Checkout
 * beside a subscription; uses only prices of the catalogue and allowed redirect origins (P20).
 */
export class StartCheckout {
  readonly #catalog: CatalogStore;
  readonly #payments: PaymentGateway;
  readonly #synchronizeTenant: SynchronizeTenant;
  readonly #openCheckout: OpenCheckout;
  readonly #resumeSubscription: ResumeSubscription;
  readonly #clock: Clock;
  readonly #settings: RedirectPolicy & PaperworkSettings;

  constructor(
    dependencies: {
      catalog: CatalogStore;
      payments: PaymentGateway;
      synchronizeTenant: SynchronizeTenant;
      openCheckout: OpenCheckout;
      resumeSubscription: ResumeSubscription;
      clock: Clock;
    },
    settings: RedirectPolicy & PaperworkSettings,
  ) {
    this.#catalog = dependencies.catalog;
    this.#payments = dependencies.payments;
    this.#synchronizeTenant = dependencies.synchronizeTenant;
    this.#openCheckout = dependencies.openCheckout;
    this.#resumeSubscription = dependencies.resumeSubscription;
    this.#clock = dependencies.clock;
    this.#settings = settings;
  }

  /** @throws {PortError} */
  async execute(command: StartCheckoutCommand): Promise<StartCheckoutOutcome> {
    const { successUrl, cancelUrl, tenantId } = command;
    const problems = redirectProblems({ successUrl, cancelUrl }, this.#settings);
    if (problems.length > 0) {
      return { type: "invalid_redirect", problems };
    }
    const catalog = await requireCatalog(this.#catalog);
    const choice = choosePlan(catalog, command);
    if (choice.type !== "chosen") {
      return choice;
    }
    let hasResumed = false;
    for (let turn = 1; turn <= MAX_TURNS; turn += 1) {
      const look = await this.#synchronizeTenant.lookClosely({ tenantId });
      requireNotEnding(look.account);
      const step = nextPlanStep(look, choice, { catalog, now: this.#clock() });
      if (step.type === "paused") {
        const blocked = await this.#resume(command);
        if (blocked !== undefined) {
          return blocked;
        }
        hasResumed = true;
        continue;
      }
      if (step.type === "already_on_plan" && hasResumed) {
        return {
          type: "portal",
          url: withoutSession(successUrl),
          purpose: "resumed",
          change: null,
        };
      }
      if (step.type !== "buy") {
        return await this.#lead(command, step, { account: look.account, catalog, choice });
      }
      const outcome = await this.#buy(command, choice, look);
      if (outcome.type !== "subscribed") {
        return outcome;
      }
    }
    throw new PortError("Cannot start checkout: the subscription keeps coming and going", {
      transient: true,
    });
  }

  /** Resumes a paused subscription; returns what prevents it, or `undefined` on success. */
  async #resume({ tenantId }: StartCheckoutCommand): Promise<StartCheckoutOutcome | undefined> {
    const outcome = await this.#resumeSubscription.execute({ tenantId });
    switch (outcome.type) {
      case "payment_required":
        return { type: "portal", url: outcome.url, purpose: "pay_invoice", change: null };
      case "invoiced_by_email":
        return { type: "unchangeable", limit: outcome.type };
      case "waiting":
        return outcome;
      case "running":
      case "no_subscription":
        return undefined;
      default:
        return outcome satisfies never;
    }
  }

  async #buy(command: StartCheckoutCommand, { plan, price }: PlanChoice, { snapshot }: LookedAt) {
    const { tenantId, successUrl, cancelUrl } = command;
    const wish = {
      planSlug: plan.slug,
      interval: price.interval,
      priceId: price.priceId,
      successUrl,
      cancelUrl,
      trialDays: trialDaysFor(plan, snapshot?.subscriptions ?? [], tenantId),
    };
    const paperwork = paperworkOf(plan, this.#settings);
    return await this.#openCheckout.execute({ tenantId, wish, paperwork });
  }

  async #lead(
    command: StartCheckoutCommand,
    step: Exclude<PlanStep, { type: "buy" | "paused" }>,
    context: { account: BillingAccount; catalog: Catalog; choice: PlanChoice },
  ): Promise<StartCheckoutOutcome> {
    const portal = async (
      purpose: PortalPurpose,
      flow: PortalFlow | null,
      change: ChangeTiming | null = null,
    ): Promise<StartCheckoutOutcome> => {
      const url = await this.#portalUrl(command, flow, context);
      return { type: "portal", url, purpose, change };
    };
    switch (step.type) {
      case "already_on_plan":
      case "waiting":
      case "unchangeable":
        return step;
      case "fix_payment":
        return step.invoiceUrl === null
          ? await portal("fix_payment", { type: "payment_method_update" })
          : { type: "portal", url: step.invoiceUrl, purpose: "pay_invoice", change: null };
      case "ending":
        return await portal("keep_subscription", null);
      case "change_scheduled":
        return await portal("review_scheduled_change", null);
      case "change": {
        const flow = {
          type: "subscription_update_confirm",
          subscriptionId: step.subscription.id,
          itemId: step.item.id,
          priceId: context.choice.price.priceId,
          quantity: step.item.quantity,
        } as const;
        return await portal("confirm_change", flow, step.timing);
      }
      default:
        return step satisfies never;
    }
  }

  async #portalUrl(
    { cancelUrl, successUrl, tenantId }: StartCheckoutCommand,
    flow: PortalFlow | null,
    { account, catalog }: { account: BillingAccount; catalog: Catalog },
  ): Promise<string> {
    if (account.customerId === null) {
      throw new TypeError(`Cannot open the Portal: tenant "${tenantId}" has no customer`);
    }
    const { url } = await this.#payments.createPortalSession({
      customerId: account.customerId,
      configurationId:
        flow?.type === "subscription_update_confirm"
          ? catalog.planChangeConfigurationId
          : catalog.portalConfigurationId,
      returnUrl: cancelUrl,
      ...(flow && { completedUrl: withoutSession(successUrl) }),
      flow,
    });
    return url;
  }
}

/** Removes the placeholder of the session id from a return that has no Checkout Session. */
function withoutSession(successUrl: string): string {
  return successUrl.replaceAll("{CHECKOUT_SESSION_ID}", "");
}
