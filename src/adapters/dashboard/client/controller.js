/**
 * @import { Errand, Return } from "./checkout_return.js"
 * @import { Interval, Preview } from "./types.js"
 * @import { PartName, Store } from "./store.js"
 */

import { ApiError } from "./api.js";
import {
  checkoutUrls,
  PORTAL_WAITS_MS,
  packArrived,
  planArrived,
  portalUrl,
  WAITS_MS,
} from "./checkout_return.js";

/**
 * The surroundings of the controller.
 *
 * @typedef {object} World
 * @property {{ send: (path: string, request?: { body?: object, signal?: AbortSignal }) =>
 *   Promise<any> }} api
 * @property {Store} store
 * @property {() => string} page the address to return to
 * @property {(url: string) => void} leave goes to Stripe
 * @property {(milliseconds: number) => Promise<void>} sleep
 * @property {() => void} changed the account is not what it was
 */

/** @type {Readonly<Record<PartName, string>>} */
const PATHS = {
  subscription: "billing/subscription",
  plans: "billing/plans",
  packs: "billing/token-packs",
  periods: "billing/tokens/periods?limit=6",
  invoices: "billing/invoices?limit=12",
};
const PARTS = /** @type {PartName[]} */ (Object.keys(PATHS));
/** The parts that a payment changes. */
const CHANGING = /** @type {PartName[]} */ (["subscription", "periods", "invoices"]);
/** Enough entries to include a new pack, however late the user looks. */
const LEDGER_PATH = "billing/tokens?limit=100";

/** Carries out the user's actions and keeps the store up to date. */
export class Controller {
  #world;
  #ended = new AbortController();

  /** @param {World} world */
  constructor(world) {
    this.#world = world;
  }

  /** Stops everything in progress. */
  stop() {
    this.#ended.abort();
  }

  /**
   * Loads everything and, after a return from Stripe, waits for the result.
   *
   * @param {Return | null} returned
   */
  async start(returned) {
    if (returned?.type === "cancel") {
      this.#notice({ type: "canceled" });
    }
    if (returned?.type === "success") {
      this.#notice({ type: "waiting", errand: returned.errand });
    }
    await this.load(PARTS);
    if (returned?.type === "success") {
      await this.#await(returned.errand, returned.sessionId);
    }
    if (returned?.type === "portal") {
      await this.#watch();
    }
  }

  /**
   * Loads parts of the page; each may fail on its own.
   *
   * @param {readonly PartName[]} parts
   */
  async load(parts = PARTS) {
    await Promise.all(parts.map((part) => this.#load(part)));
  }

  /** Appends the next page of older invoices. */
  async loadOlderInvoices() {
    const { value } = this.#world.store.state.parts.invoices;
    if (value?.meta.nextCursor) {
      const cursor = encodeURIComponent(value.meta.nextCursor);
      await this.#load("invoices", `${PATHS.invoices}&cursor=${cursor}`, (older) => ({
        ...older,
        data: [...value.data, ...older.data],
      }));
    }
  }

  /**
   * Returns what a choice would cost.
   *
   * @param {string} planSlug
   * @param {Interval} interval
   * @returns {Promise<Preview>}
   * @throws {ApiError}
   */
  async preview(planSlug, interval) {
    const query = new URLSearchParams({ planSlug, interval });
    return await this.#send(`billing/checkout/preview?${query}`);
  }

  /** Goes to Stripe for the previewed choice. @param {Preview} preview */
  async choosePlan({ planSlug, interval, mode, effective, effectiveAt }) {
    const later = effective === "period_end" ? effectiveAt : null;
    /** @type {Errand} */
    const errand = { type: "plan", planSlug, interval, effectiveAt: later };
    const urls = checkoutUrls(this.#world.page(), errand, mode);
    await this.#leave(`plan:${planSlug}`, "billing/checkout", { planSlug, interval, ...urls });
  }

  /** Goes to Stripe to buy a pack. @param {string} packSlug */
  async buyPack(packSlug) {
    const urls = checkoutUrls(this.#world.page(), { type: "pack", packSlug }, "checkout");
    await this.#leave(`pack:${packSlug}`, "billing/checkout", { packSlug, ...urls });
  }

  /**
   * Goes to the Customer Portal.
   *
   * @param {"payment_method_update" | "subscription_cancel"} [flow] default: its home
   */
  async openPortal(flow) {
    const body = { returnUrl: portalUrl(this.#world.page()), ...(flow && { flow }) };
    await this.#leave(`portal:${flow ?? "home"}`, "billing/portal", body);
  }

  /** Resumes the plan, at Stripe if something has to be paid first. */
  async resume() {
    await this.#act("resume", async () => {
      const { url } = await this.#send("billing/subscription/resume", {});
      if (url !== undefined) {
        this.#world.leave(url);
        return;
      }
      await this.load(CHANGING);
      this.#world.store.dispatch({ type: "acting", action: null });
      this.#notice({ type: "resumed" });
      this.#world.changed();
    });
  }

  /** Removes the notice. */
  dismiss() {
    this.#notice(null);
  }

  /** Checks again for what has not arrived yet. */
  async checkAgain() {
    this.dismiss();
    await this.load(CHANGING);
  }

  /**
   * @param {PartName} part
   * @param {string} [path]
   * @param {(value: any) => unknown} [merge]
   */
  async #load(part, path = PATHS[part], merge = wanted(part)) {
    const { store } = this.#world;
    store.dispatch({ type: "loading", part });
    try {
      store.dispatch({ type: "loaded", part, value: merge(await this.#send(path)) });
    } catch (error) {
      if (error instanceof ApiError) {
        store.dispatch({ type: "failed", part, error });
      } else if (!this.#ended.signal.aborted) {
        throw error;
      }
    }
  }

  /**
   * @param {string} action
   * @param {string} path
   * @param {object} body
   */
  async #leave(action, path, body) {
    await this.#act(action, async () => this.#world.leave((await this.#send(path, body)).url));
  }

  /**
   * Runs an action that the service may refuse.
   *
   * @param {string} action
   * @param {() => Promise<void>} work
   */
  async #act(action, work) {
    const { store } = this.#world;
    this.#notice(null);
    store.dispatch({ type: "acting", action });
    try {
      await work();
    } catch (error) {
      store.dispatch({ type: "acting", action: null });
      if (!(error instanceof ApiError)) {
        throw error;
      }
      if (error.kind === "signed_out") {
        store.dispatch({ type: "failed", part: "subscription", error });
      }
      this.#notice({ type: "failed", code: error.code });
    }
  }

  /**
   * @param {Errand} errand
   * @param {string | null} sessionId
   */
  async #await(errand, sessionId) {
    if (errand.type === "plan" && errand.effectiveAt !== null) {
      this.#notice({ type: "arrived", errand, tokens: 0 });
      return;
    }
    for (const milliseconds of [0, ...WAITS_MS]) {
      await this.#world.sleep(milliseconds);
      if (this.#ended.signal.aborted) {
        return;
      }
      const tokens = await this.#arrived(errand, sessionId);
      if (tokens !== null) {
        await this.load(CHANGING);
        this.#notice({ type: "arrived", errand, tokens });
        this.#world.changed();
        return;
      }
    }
    this.#notice({ type: "slow" });
  }

  /**
   * Returns the tokens that came with it; `null` if it has not arrived.
   *
   * @param {Errand} errand
   * @param {string | null} sessionId
   * @returns {Promise<number | null>}
   */
  async #arrived(errand, sessionId) {
    try {
      if (errand.type === "pack") {
        return packArrived(sessionId, (await this.#send(LEDGER_PATH)).data);
      }
      return planArrived(errand, await this.#send(PATHS.subscription)) ? 0 : null;
    } catch (error) {
      if (error instanceof ApiError) {
        return null;
      }
      throw error;
    }
  }

  /** Waits for changes made in the Portal, which arrive a moment later, if there are any. */
  async #watch() {
    for (const milliseconds of PORTAL_WAITS_MS) {
      await this.#world.sleep(milliseconds);
      if (this.#ended.signal.aborted) {
        return;
      }
      await this.load(CHANGING);
    }
    this.#world.changed();
  }

  /**
   * @param {string} path
   * @param {object} [body]
   */
  #send(path, body) {
    return this.#world.api.send(path, { signal: this.#ended.signal, ...(body && { body }) });
  }

  /** @param {import("./store.js").Notice | null} notice */
  #notice(notice) {
    this.#world.store.dispatch({ type: "noticed", notice });
  }
}

/** Unwraps every list except the invoices. @param {PartName} part */
function wanted(part) {
  const bare = part === "subscription" || part === "invoices";
  return (/** @type {any} */ answer) => (bare ? answer : answer.data);
}
