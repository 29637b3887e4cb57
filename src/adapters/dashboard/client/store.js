/**
 * @import { Failure } from "./failure.js"
 * @import { Alerts, AutoTopUp, BillingDetails, EmailPeriod, InvoiceList, Pack, Plan, Subscription, TokenPeriod } from "./types.js"
 */

/**
 * A part of the page; it keeps its value while it is loaded again.
 *
 * @template T
 * @typedef {{ value: T | null, error: Failure | null }} Part
 */

/**
 * @typedef {object} Parts
 * @property {Part<Subscription>} subscription
 * @property {Part<readonly Plan[]>} plans
 * @property {Part<readonly Pack[]>} packs
 * @property {Part<readonly TokenPeriod[]>} periods
 * @property {Part<readonly EmailPeriod[]>} emailPeriods newest first
 * @property {Part<InvoiceList>} invoices
 * @property {Part<BillingDetails>} details
 * @property {Part<Alerts>} alerts
 * @property {Part<AutoTopUp>} autoTopUp
 *
 * @typedef {keyof Parts} PartName
 */

/**
 * A notice about something that the user did. What arrived is what the service says.
 *
 * @typedef {{ type: "waiting" } | { type: "tokens_arrived", tokens: number }
 *   | { type: "plan_arrived" } | { type: "plan_scheduled" }
 *   | { type: "slow", failure: Failure | null } | { type: "canceled" } | { type: "resumed" } | { type: "saved" }
 *   | { type: "failed", failure: Failure }} Notice
 *
 * @typedef {object} State
 * @property {Parts} parts
 * @property {Notice | null} notice
 * @property {string | null} busy the action under way
 *
 * @typedef {{ type: "loading", part: PartName }
 *   | { type: "loaded", part: PartName, value: any }
 *   | { type: "failed", part: PartName, error: Failure }
 *   | { type: "noticed", notice: Notice | null }
 *   | { type: "acting", action: string | null }
 *   | { type: "reset" }} Event
 */

const NOTHING = { value: null, error: null };

/** @type {State} */
const INITIAL = {
  parts: {
    subscription: NOTHING,
    plans: NOTHING,
    packs: NOTHING,
    periods: NOTHING,
    emailPeriods: NOTHING,
    invoices: NOTHING,
    details: NOTHING,
    alerts: NOTHING,
    autoTopUp: NOTHING,
  },
  notice: null,
  busy: null,
};

/**
 * Returns the state after an event.
 *
 * @param {State} state
 * @param {Event} event
 * @returns {State}
 */
export function reduce(state, event) {
  switch (event.type) {
    case "loading":
      return withPart(state, event.part, { ...state.parts[event.part], error: null });
    case "loaded": {
      const loaded = withPart(state, event.part, { value: event.value, error: null });
      return isPast(loaded) ? { ...loaded, notice: null } : loaded;
    }
    case "failed":
      return withPart(state, event.part, { ...state.parts[event.part], error: event.error });
    case "noticed":
      return { ...state, notice: event.notice };
    case "acting":
      return { ...state, busy: event.action };
    case "reset":
      return INITIAL;
    default:
      return /** @type {never} */ (event);
  }
}

/**
 * Whether what is said to have succeeded is no longer so: the page may stay open for weeks.
 *
 * @param {State} state
 */
function isPast({ parts, notice }) {
  const isSuccess = notice?.type === "plan_arrived" || notice?.type === "resumed";
  const { value } = parts.subscription;
  return isSuccess && value !== null && value.reason !== "in_good_standing";
}

/**
 * Returns what the whole page shows: itself, or why it cannot.
 *
 * @param {State} state
 * @returns {"loading" | "ready" | "signed_out" | "foreign" | "failed"}
 */
export function phase({ parts }) {
  const errors = Object.values(parts).flatMap(({ error }) => error ?? []);
  if (errors.some(({ kind }) => kind === "signed_out")) {
    return "signed_out";
  }
  const { subscription, plans } = parts;
  if (subscription.error?.kind === "foreign") {
    return "foreign";
  }
  if (subscription.value === null) {
    return subscription.error === null ? "loading" : "failed";
  }
  return plans.value === null && plans.error === null ? "loading" : "ready";
}

/**
 * @param {State} state
 * @param {PartName} name
 * @param {Part<any>} part
 * @returns {State}
 */
function withPart(state, name, part) {
  return { ...state, parts: { ...state.parts, [name]: part } };
}

/** Holds the state and notifies its listeners. */
export class Store {
  #state = INITIAL;
  /** @type {Set<() => void>} */
  #listeners = new Set();

  get state() {
    return this.#state;
  }

  /** @param {Event} event */
  dispatch(event) {
    this.#state = reduce(this.#state, event);
    for (const listener of this.#listeners) {
      listener();
    }
  }

  /**
   * @param {() => void} listener
   * @returns {() => void} ends it
   */
  subscribe(listener) {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }
}
