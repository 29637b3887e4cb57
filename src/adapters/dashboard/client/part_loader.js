/**
 * @import { Context } from "./parts.js"
 * @import { PartName, Store } from "./store.js"
 */

import { failureOf } from "./failure.js";
import { CHANGING, loadPart, PAYER_PARTS, STORED_PARTS } from "./parts.js";

/** Puts parts of the page into the store; each may fail on its own. */
export class PartLoader {
  #world;
  /** When it last began, in milliseconds. */
  loadedAt = 0;
  /** How often each part was asked for or saved. @type {Map<PartName, number>} */
  #turns = new Map();

  /** @param {Context & { store: Store, signal: AbortSignal }} world */
  constructor(world) {
    this.#world = world;
  }

  /** @param {readonly PartName[]} parts */
  async load(parts) {
    this.loadedAt = Date.now();
    await Promise.all(parts.map((part) => this.loadPart(part)));
  }

  /** Loads what the service has stored, as far as the user may see it. */
  async loadStored() {
    await Promise.all([this.load(STORED_PARTS), this.#loadSubscription()]);
  }

  /** Loads what may have changed while the user was elsewhere, as far as the user may see it. */
  async loadChanging() {
    const isPayer = this.#world.store.state.parts.subscription.value?.mayPay === true;
    await this.load(isPayer ? [...CHANGING, ...PAYER_PARTS] : CHANGING);
  }

  /** Shows a part as the service has just answered. @param {PartName} part @param {unknown} value */
  keep(part, value) {
    this.#turn(part);
    this.#world.store.dispatch({ type: "loaded", part, value });
  }

  /** @param {PartName} part */
  async loadPart(part) {
    const { api, tenantId, store, signal } = this.#world;
    const turn = this.#turn(part);
    const isLatest = () => !signal.aborted && this.#turns.get(part) === turn;
    const invoices = store.state.parts.invoices.value?.data.length ?? 0;
    store.dispatch({ type: "loading", part });
    try {
      const value = await loadPart(part, { api, tenantId, invoices });
      if (isLatest()) {
        store.dispatch({ type: "loaded", part, value });
      }
    } catch (error) {
      if (isLatest()) {
        store.dispatch({ type: "failed", part, error: failureOf(error) });
      }
    }
  }

  /** Begins another turn of a part: what an earlier one brings later is older. @param {PartName} part */
  #turn(part) {
    const turn = (this.#turns.get(part) ?? 0) + 1;
    this.#turns.set(part, turn);
    return turn;
  }

  async #loadSubscription() {
    await this.loadPart("subscription");
    if (this.#world.store.state.parts.subscription.value?.mayPay) {
      await this.load(PAYER_PARTS);
    }
  }
}
