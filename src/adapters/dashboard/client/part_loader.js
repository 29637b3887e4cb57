/**
 * @import { Context } from "./parts.js"
 * @import { PartName, Store } from "./store.js"
 */

import { failureOf } from "./failure.js";
import { loadPart, PAYER_PARTS, STORED_PARTS } from "./parts.js";

/** Puts parts of the page into the store; each may fail on its own. */
export class PartLoader {
  #world;
  /** When it last began, in milliseconds. */
  loadedAt = 0;

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

  /**
   * @param {PartName} part
   * @param {(context: Context) => Promise<unknown>} [read]
   */
  async loadPart(part, read = (context) => loadPart(part, context)) {
    const { store, signal } = this.#world;
    store.dispatch({ type: "loading", part });
    try {
      store.dispatch({ type: "loaded", part, value: await read(this.#world) });
    } catch (error) {
      if (!signal.aborted) {
        store.dispatch({ type: "failed", part, error: failureOf(error) });
      }
    }
  }

  async #loadSubscription() {
    await this.loadPart("subscription");
    if (this.#world.store.state.parts.subscription.value?.mayPay) {
      await this.load(PAYER_PARTS);
    }
  }
}
