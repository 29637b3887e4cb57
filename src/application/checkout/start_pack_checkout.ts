import { findPack } from "../../domain/catalog/catalog.ts";
import { type PaperworkSettings, paperworkOf } from "../../domain/catalog/paperwork.ts";
import {
  type RedirectPolicy,
  type RedirectProblem,
  redirectProblems,
} from "../../domain/checkout/redirect_url.ts";
import { requireCatalog } from "../catalog/require_catalog.ts";
import type { CatalogStore } from "../ports/catalog/catalog_store.ts";
import type { TokenPackPayments } from "../ports/tokens/token_pack_payments.ts";
import type { ProvideCustomer } from "./provide_customer.ts";

/** A tenant's request to buy a token pack. */
export interface StartPackCheckoutCommand {
  readonly tenantId: string;
  readonly packSlug: string;
  readonly successUrl: string;
  readonly cancelUrl: string;
}

/** The outcome of a request to buy a token pack. */
export type StartPackCheckoutOutcome =
  | { readonly type: "started"; readonly url: string }
  | { readonly type: "invalid_redirect"; readonly problems: readonly RedirectProblem[] }
  | { readonly type: "unknown_pack"; readonly packSlug: string }
  | { readonly type: "pack_not_purchasable"; readonly packSlug: string; readonly reason: string };

/**
 * Starts the Checkout of a token pack, at the catalogue's price and number of tokens and with
 * allowed redirect origins only (P20). A tenant may buy any number, with or without a subscription;
 * later events credit what it has paid for.
 */
export class StartPackCheckout {
  readonly #catalog: CatalogStore;
  readonly #packPayments: TokenPackPayments;
  readonly #provideCustomer: ProvideCustomer;
  readonly #settings: RedirectPolicy & PaperworkSettings;

  constructor(
    dependencies: {
      catalog: CatalogStore;
      packPayments: TokenPackPayments;
      provideCustomer: ProvideCustomer;
    },
    settings: RedirectPolicy & PaperworkSettings,
  ) {
    this.#catalog = dependencies.catalog;
    this.#packPayments = dependencies.packPayments;
    this.#provideCustomer = dependencies.provideCustomer;
    this.#settings = settings;
  }

  /** @throws {PortError} */
  async execute(command: StartPackCheckoutCommand): Promise<StartPackCheckoutOutcome> {
    const { tenantId, packSlug, successUrl, cancelUrl } = command;
    const problems = redirectProblems({ successUrl, cancelUrl }, this.#settings);
    if (problems.length > 0) {
      return { type: "invalid_redirect", problems };
    }
    const pack = findPack(await requireCatalog(this.#catalog), packSlug);
    if (pack === undefined) {
      return { type: "unknown_pack", packSlug };
    }
    if (!pack.active) {
      return { type: "pack_not_purchasable", packSlug, reason: "it is no longer offered" };
    }
    const customerId = await this.#provideCustomer.execute({ tenantId });
    const { priceId, tokens, invoice = this.#settings.packInvoices } = pack;
    const paperwork = paperworkOf(pack, this.#settings);
    const sold = { priceId, packSlug, tokens, paperwork, invoice };
    // Every call is a separate attempt (P22): two Checkouts can both be paid, and both count.
    const { url } = await this.#packPayments.createPackCheckout(
      { tenantId, customerId, ...sold, successUrl, cancelUrl },
      `pack-checkout:${crypto.randomUUID()}`,
    );
    return { type: "started", url };
  }
}
