/**
 * @import { BillingClient } from "../../client/create_billing_client.ts"
 * @import { Errand, Return } from "./checkout_return.js"
 * @import { Failure } from "./failure.js"
 * @import { Alerts, AutoTopUpWish, Interval, Preview } from "./types.js"
 * @import { Notice, PartName, Store } from "./store.js"
 */

import {
  checkoutUrls,
  PORTAL_WAITS_MS,
  packArrived,
  planArrived,
  portalUrl,
  WAITS_MS,
} from "./checkout_return.js";
import { failureOf, isPassing } from "./failure.js";
import { PartLoader } from "./part_loader.js";
import { ASKED_PARTS, olderInvoices, PAID_PARTS } from "./parts.js";

/**
 * The surroundings of the controller.
 *
 * @typedef {object} World
 * @property {BillingClient} api
 * @property {string} tenantId
 * @property {AbortSignal} signal ends everything
 * @property {Store} store
 * @property {() => string} page the address to return to
 * @property {(url: string) => void} leave goes to Stripe
 * @property {(milliseconds: number) => Promise<void>} sleep
 * @property {() => void} changed the account is not what it was
 */

/** Enough entries to include a new pack, however late the user looks. */
const LEDGER_LENGTH = 100;
/** What was loaded so recently is not loaded again because a window got the focus. */
const FRESH_MS = 5_000;

/** Carries out the user's actions and keeps the store up to date. */
export class Controller {
  #world;
  #loader;
  #paysElsewhere = false;

  /** @param {World} world */
  constructor(world) {
    this.#world = world;
    this.#loader = new PartLoader(world);
  }

  /**
   * Loads everything and, after a return from Stripe, waits for the result.
   *
   * @param {Return | null} returned
   */
  async start(returned) {
    await Promise.all([this.load(ASKED_PARTS), this.#begin(returned)]);
  }

  /** Loads everything, as far as the user may see it; each part may fail on its own. */
  async loadAll() {
    await Promise.all([this.#loader.load(ASKED_PARTS), this.#loader.loadStored()]);
    this.#forgetPassed();
  }

  /** Loads parts of the page; each may fail on its own. @param {readonly PartName[]} parts */
  async load(parts) {
    await this.#loader.load(parts);
    this.#forgetPassed();
  }

  async #loadChanging() {
    await this.#loader.loadChanging();
    this.#forgetPassed();
  }

  /** Takes note that the user pays in another tab, and comes back from there. */
  paysElsewhere() {
    this.#paysElsewhere = true;
  }

  /** Loads again what may have changed while the user was elsewhere. */
  async refresh() {
    const paid = this.#paysElsewhere;
    this.#paysElsewhere = false;
    if (paid || Date.now() - this.#loader.loadedAt >= FRESH_MS) {
      await this.#loadChanging();
    }
    if (paid) {
      await this.watch();
    }
  }

  /** Appends the next page of older invoices. */
  async loadOlderInvoices() {
    const { value } = this.#world.store.state.parts.invoices;
    if (value?.meta.nextCursor) {
      await this.#act("older invoices", async () => {
        this.#loader.keep("invoices", await olderInvoices(this.#world, value));
      });
    }
  }

  /**
   * Returns what a choice would cost.
   *
   * @param {string} planSlug
   * @param {Interval} interval
   * @returns {Promise<Preview>}
   */
  async preview(planSlug, interval) {
    const query = { planSlug, interval };
    return await this.#world.api.call("GET /billing/checkout/preview", this.#input({ query }));
  }

  /** Goes to Stripe for the previewed choice. @param {Preview} preview */
  async choosePlan({ planSlug, interval, mode }) {
    const urls = checkoutUrls(this.#world.page(), { type: "plan", planSlug, interval }, mode);
    const body = { planSlug, interval, ...urls };
    await this.#leave(`plan:${planSlug}`, "POST /billing/checkout", { body });
  }

  /** Goes to Stripe to buy a pack. @param {string} packSlug */
  async buyPack(packSlug) {
    const urls = checkoutUrls(this.#world.page(), { type: "pack", packSlug }, "checkout");
    await this.#leave(`pack:${packSlug}`, "POST /billing/checkout", {
      body: { packSlug, ...urls },
    });
  }

  /**
   * Goes to the Customer Portal.
   *
   * @param {"home" | "payment_method_update" | "subscription_cancel"} [task]
   * @param {string} [action] the button that was pressed, where several lead there
   */
  async openPortal(task = "home", action = `portal:${task}`) {
    const flow = task === "home" ? {} : { flow: task };
    const body = { returnUrl: portalUrl(this.#world.page()), ...flow };
    await this.#leave(action, "POST /billing/portal", { body });
  }

  /** Resumes the plan, at Stripe if something has to be paid first; returns whether it could. */
  async resume() {
    return await this.#act("resume", async () => {
      const answer = await this.#world.api.call(
        "POST /billing/subscription/resume",
        this.#input({}),
      );
      if ("url" in answer) {
        this.#world.leave(answer.url);
        return;
      }
      await this.#loadChanging();
      this.#notice({ type: "resumed" });
      this.#world.changed();
    });
  }

  /** Saves what the tenant wants to be told of. @param {Alerts} body */
  async saveAlerts(body) {
    const { api } = this.#world;
    return await this.#save("alerts", () => api.call("PUT /billing/alerts", this.#input({ body })));
  }

  /** Saves when packs are bought by themselves. @param {AutoTopUpWish} body */
  async saveTopUp(body) {
    const { api } = this.#world;
    return await this.#save("autoTopUp", () =>
      api.call("PUT /billing/auto-top-up", this.#input({ body })),
    );
  }

  /** Removes the notice. */
  dismiss() {
    this.#notice(null);
  }

  /** Removes what was said of a failure that goes by itself, once everything could be loaded. */
  #forgetPassed() {
    const { parts, notice } = this.#world.store.state;
    const isWhole = Object.values(parts).every(({ error }) => error === null);
    if (notice?.type === "failed" && isPassing(notice.failure) && isWhole) {
      this.dismiss();
    }
  }

  /** Removes what was said of a failure, before something else begins. */
  forgetFailure() {
    if (this.#world.store.state.notice?.type === "failed") {
      this.dismiss();
    }
  }

  /** Checks again for what has not arrived yet. */
  async checkAgain() {
    this.dismiss();
    await this.#loadChanging();
  }

  /** Waits for changes made at Stripe, which arrive a moment later, if there are any. */
  async watch() {
    for (const milliseconds of PORTAL_WAITS_MS) {
      await this.#world.sleep(milliseconds);
      if (this.#world.signal.aborted) {
        return;
      }
      await this.load(PAID_PARTS);
    }
    this.#world.changed();
  }

  /** Takes note of a request that failed; a session that has ended ends the page. @param {unknown} error */
  failed(error) {
    const failure = failureOf(error);
    if (failure.kind === "signed_out") {
      this.#world.store.dispatch({ type: "failed", part: "subscription", error: failure });
    }
    return failure;
  }

  /** Begins with what the service has stored, which does not wait for Stripe. @param {Return | null} returned */
  async #begin(returned) {
    if (returned?.type === "cancel") {
      this.#notice({ type: "canceled" });
    }
    if (returned?.type === "success") {
      this.#notice({ type: "waiting" });
    }
    await this.#loader.loadStored();
    if (returned?.type === "success") {
      await this.#await(returned.errand, returned.sessionId);
    }
    if (returned?.type === "portal") {
      await this.watch();
    }
  }

  /**
   * @param {PartName} part
   * @param {() => Promise<unknown>} write
   */
  async #save(part, write) {
    return await this.#act(part, async () => {
      this.#loader.keep(part, await write());
      this.#notice({ type: "saved" });
    });
  }

  /**
   * @param {string} action
   * @param {"POST /billing/checkout" | "POST /billing/portal"} operation
   * @param {{ body: any }} input
   */
  async #leave(action, operation, input) {
    await this.#act(
      action,
      async () => {
        const { url } = await this.#world.api.call(operation, this.#input(input));
        this.#world.leave(url);
      },
      { leaves: true },
    );
  }

  /**
   * Runs an action that the service may refuse. One that leaves the page is under way until it has.
   *
   * @param {string} action
   * @param {() => Promise<void>} work
   * @param {{ leaves?: boolean }} [options]
   * @returns {Promise<boolean>} whether it succeeded
   */
  async #act(action, work, { leaves = false } = {}) {
    const { store, signal } = this.#world;
    this.#notice(null);
    store.dispatch({ type: "acting", action });
    try {
      await work();
      if (!leaves) {
        store.dispatch({ type: "acting", action: null });
      }
      return true;
    } catch (error) {
      if (!signal.aborted) {
        store.dispatch({ type: "acting", action: null });
        this.#notice({ type: "failed", failure: this.failed(error) });
      }
      return false;
    }
  }

  /**
   * @param {Errand} errand
   * @param {string | null} sessionId
   */
  async #await(errand, sessionId) {
    /** @type {Failure | null} */
    let failure = null;
    for (const milliseconds of [0, ...WAITS_MS]) {
      await this.#world.sleep(Math.max(milliseconds, 1_000 * (failure?.retryAfterSeconds ?? 0)));
      if (this.#world.signal.aborted) {
        return;
      }
      const arrived = await this.#arrived(errand, sessionId);
      failure = arrived?.type === "failed" ? arrived.failure : null;
      if (arrived !== null && failure === null) {
        await this.#loadChanging();
        this.#notice(arrived);
        this.#world.changed();
        return;
      }
    }
    this.#notice({ type: "slow", failure });
  }

  /**
   * Returns what the service says has come of it, or why it says nothing; `null` for nothing yet.
   *
   * @param {Errand} errand
   * @param {string | null} sessionId
   * @returns {Promise<Notice | null>}
   */
  async #arrived(errand, sessionId) {
    const { api, store } = this.#world;
    try {
      if (errand.type === "pack") {
        const query = { limit: LEDGER_LENGTH };
        const { data } = await api.call("GET /billing/tokens", this.#input({ query }));
        const tokens = packArrived(sessionId, data);
        return tokens === null ? null : { type: "tokens_arrived", tokens };
      }
      const value = await api.call("GET /billing/subscription", this.#input({}));
      store.dispatch({ type: "loaded", part: "subscription", value });
      const arrived = planArrived(errand, value);
      return arrived && { type: arrived === "now" ? "plan_arrived" : "plan_scheduled" };
    } catch (error) {
      return this.#world.signal.aborted ? null : { type: "failed", failure: this.failed(error) };
    }
  }

  /**
   * @template {object} T
   * @param {T} input
   */
  #input(input) {
    return { tenantId: this.#world.tenantId, ...input };
  }

  /** @param {Notice | null} notice */
  #notice(notice) {
    this.#world.store.dispatch({ type: "noticed", notice });
  }
}
