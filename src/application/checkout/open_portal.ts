import {
  type RedirectPolicy,
  type RedirectProblem,
  redirectProblems,
} from "../../domain/checkout/redirect_url.ts";
import type { BillingAccount } from "../../domain/subscription/billing_account.ts";
import { isLive } from "../../domain/subscription/subscription.ts";
import { requireCatalog } from "../catalog/require_catalog.ts";
import type { CatalogStore } from "../ports/catalog/catalog_store.ts";
import type { AccountStore } from "../ports/subscription/account_store.ts";
import type { PaymentGateway, PortalFlow } from "../ports/subscription/payment_gateway.ts";

/** A task at which to open the Portal. */
export type PortalTask = "payment_method_update" | "subscription_cancel";

/** A tenant's request to manage its subscription at Stripe. */
export interface OpenPortalCommand {
  readonly tenantId: string;
  /** Default: the dashboard. */
  readonly returnUrl?: string | undefined;
  /** Opens the Portal at one task instead of its home. */
  readonly flow?: PortalTask | undefined;
}

/** The outcome of opening the Portal. */
export type OpenPortalOutcome =
  | { readonly type: "opened"; readonly url: string }
  | { readonly type: "invalid_redirect"; readonly problems: readonly RedirectProblem[] }
  /** The tenant never started a checkout. */
  | { readonly type: "no_customer" }
  /** The task needs a subscription, but none is live. */
  | { readonly type: "no_subscription" };

/**
 * Opens Stripe's Customer Portal for a tenant: payment method, invoices, cancellation. A task leads
 * back by itself once it is done.
 */
export class OpenPortal {
  readonly #accounts: AccountStore;
  readonly #catalog: CatalogStore;
  readonly #payments: PaymentGateway;
  readonly #redirects: RedirectPolicy;
  readonly #dashboardUrl: string;

  constructor(
    ports: { accounts: AccountStore; catalog: CatalogStore; payments: PaymentGateway },
    settings: RedirectPolicy & { dashboardUrl: string },
  ) {
    this.#accounts = ports.accounts;
    this.#catalog = ports.catalog;
    this.#payments = ports.payments;
    this.#redirects = settings;
    this.#dashboardUrl = settings.dashboardUrl;
  }

  /** @throws {PortError} */
  async execute(command: OpenPortalCommand): Promise<OpenPortalOutcome> {
    const { returnUrl } = command;
    const problems =
      returnUrl === undefined ? [] : redirectProblems({ returnUrl }, this.#redirects);
    if (problems.length > 0) {
      return { type: "invalid_redirect", problems };
    }
    const account = await this.#accounts.find(command.tenantId);
    if (account === undefined || account.customerId === null) {
      return { type: "no_customer" };
    }
    const flow = portalFlow(command.flow, account);
    if (flow === undefined) {
      return { type: "no_subscription" };
    }
    const { portalConfigurationId } = await requireCatalog(this.#catalog);
    const backUrl = returnUrl ?? this.#dashboardUrl;
    const { url } = await this.#payments.createPortalSession({
      customerId: account.customerId,
      configurationId: portalConfigurationId,
      returnUrl: backUrl,
      ...(flow !== null && { completedUrl: backUrl }),
      flow,
    });
    return { type: "opened", url };
  }
}

function portalFlow(
  type: PortalTask | undefined,
  { subscription }: BillingAccount,
): PortalFlow | null | undefined {
  switch (type) {
    case undefined:
      return null;
    case "payment_method_update":
      return { type };
    case "subscription_cancel":
      return subscription !== null && isLive(subscription.status)
        ? { type, subscriptionId: subscription.id }
        : undefined;
    default:
      return type satisfies never;
  }
}
