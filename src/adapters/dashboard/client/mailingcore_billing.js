/**
 * @import { Return } from "./checkout_return.js"
 * @import { Page } from "./components/ui.js"
 * @import { Counts } from "./preview_view.js"
 */

import { html } from "htm/preact";
import { render } from "preact";
import { createApi, TokenSource } from "./api.js";
import { readReturn, withoutReturn } from "./checkout_return.js";
import { App } from "./components/app.js";
import { Controller } from "./controller.js";
import { STYLE_SHEETS } from "./element_styles.js";
import { settingFailure } from "./failure.js";
import { chooseLocale, I18n } from "./i18n.js";
import { phase, Store } from "./store.js";

/**
 * Asks the dashboard around the page for an access token. `renew`: the last one was refused.
 * `null`: nobody is signed in.
 *
 * @typedef {(request: { renew: boolean }) => Promise<string | null> | string | null} GetToken
 */

/** The properties that may be set before the browser knows the element. */
const EARLY = /** @type {const} */ (["getToken", "token", "counts"]);
/** The service's address: two folders above this module. */
const SERVICE = new URL("../../", import.meta.url).href;

/**
 * `<mailingcore-billing tenant-id="...">`: the Billing page of a tenant for any dashboard.
 *
 * - Attributes: `tenant-id`; `base-url` where the service is, default: where this module comes
 *   from; `locale`, default: the page's, else the browser's; `return-url`, default: this page's
 *   address; `heading-level`, default 1; `theme`: `light` or `dark`, default: the system's.
 * - Properties: `getToken`, a callback, or `token`. Until one is set the page is loading; `null`
 *   means that nobody is signed in. Another callback or token is asked from the next request on;
 *   nothing starts anew. `counts`, such as `{ domains: 4, members: 2, templates: 9 }`: what the
 *   tenant has, to say what a lower limit leaves over.
 * - Events: `mailingcore-signin` when somebody wants to sign in; `mailingcore-navigate`
 *   (cancelable, `detail.url`) before the page is left for Stripe; `mailingcore-billing-changed`
 *   when a payment has arrived.
 * - Slot: `signed-out` in the place of the button for signing in.
 */
export class MailingcoreBilling extends HTMLElement {
  static observedAttributes = ["tenant-id", "base-url", "locale", "heading-level"];

  /** Whether the page may explain how to sign in on a developer's machine. */
  development = false;
  /** @type {GetToken | null | undefined} `undefined`: not said yet */
  #getToken;
  /** @type {Return | null} what the address said, until that is dealt with */
  #returned = null;
  /** @type {Counts} */
  #counts = {};
  /** What was typed into forms and is not saved. @type {Map<string, FormData>} */
  #drafts = new Map();
  #root = this.attachShadow({ mode: "open" });
  #store = new Store();
  #tokens = new TokenSource(async (renew) => (await this.#getToken?.({ renew })) ?? null);
  /** @type {{ controller: Controller, i18n: I18n, end: AbortController } | null} */
  #running = null;

  constructor() {
    super();
    this.#root.adoptedStyleSheets = STYLE_SHEETS;
  }

  /** @returns {GetToken | null | undefined} */
  get getToken() {
    return this.#getToken;
  }

  set getToken(getToken) {
    const isKnown = this.#getToken !== undefined && this.#getToken !== null;
    const goesOn = isKnown && getToken && phase(this.#store.state) !== "signed_out";
    this.#getToken = getToken;
    this.#tokens.forget();
    if (!goesOn) {
      this.#restart();
    }
  }

  /** @param {string | null | undefined} token */
  set token(token) {
    this.getToken = typeof token === "string" ? () => token : token;
  }

  /** @returns {Counts} */
  get counts() {
    return this.#counts;
  }

  set counts(counts) {
    this.#counts = counts ?? {};
    this.#render();
  }

  connectedCallback() {
    for (const name of EARLY) {
      this.#takeEarlyProperty(name);
    }
    this.#restart();
  }

  disconnectedCallback() {
    this.#stop();
  }

  /**
   * @param {string} name
   * @param {string | null} before
   * @param {string | null} after
   */
  attributeChangedCallback(name, before, after) {
    if (before !== after) {
      if (name === "tenant-id") {
        this.#drafts.clear();
      }
      this.#restart();
    }
  }

  /**
   * Applies a property that was set before the browser had defined the element.
   *
   * @param {(typeof EARLY)[number]} name
   */
  #takeEarlyProperty(name) {
    if (Object.hasOwn(this, name)) {
      const value = Reflect.get(this, name);
      Reflect.deleteProperty(this, name);
      Reflect.set(this, name, value);
    }
  }

  /** Restarts, once for everything set at the same time. */
  #restart() {
    this.#stop();
    queueMicrotask(() => {
      if (this.isConnected && this.#running === null) {
        this.#start();
      }
    });
  }

  #start() {
    const i18n = new I18n(
      chooseLocale([
        this.getAttribute("locale"),
        document.documentElement.lang,
        ...navigator.languages,
      ]),
    );
    const end = new AbortController();
    const { signal } = end;
    this.#tokens.forget();
    const controller = this.#controller(signal);
    this.#running = { controller, i18n, end };
    this.#store.dispatch({ type: "reset" });
    signal.addEventListener(
      "abort",
      this.#store.subscribe(() => this.#render()),
    );
    this.#render();
    window.addEventListener("online", () => this.#retry(), { signal });
    window.addEventListener("pageshow", ({ persisted }) => persisted && this.#restart(), {
      signal,
    });
    window.addEventListener("focus", () => this.#refresh(), { signal });
    document.addEventListener("visibilitychange", () => this.#refresh(), { signal });
    if (!URL.canParse(this.#address())) {
      const error = settingFailure("base-url");
      this.#store.dispatch({ type: "failed", part: "subscription", error });
    } else if (this.#getToken !== undefined) {
      this.#follow(controller, signal);
    }
  }

  /**
   * @param {Controller} controller
   * @param {AbortSignal} signal
   */
  async #follow(controller, signal) {
    const returned = readReturn(location.href);
    if (returned !== null) {
      this.#returned = returned;
      history.replaceState(history.state, "", withoutReturn(location.href));
    }
    await controller.start(this.#returned);
    if (!signal.aborted) {
      this.#returned = null;
    }
  }

  #stop() {
    this.#running?.end.abort();
    this.#running = null;
  }

  /** @param {AbortSignal} signal */
  #controller(signal) {
    return new Controller({
      api: createApi({ baseUrl: this.#address(), tokens: this.#tokens, signal }),
      tenantId: this.getAttribute("tenant-id") ?? "",
      signal,
      store: this.#store,
      page: () => new URL(this.getAttribute("return-url") ?? location.href, location.href).href,
      leave: (url) => this.#leave(url),
      sleep: (milliseconds) => sleep(milliseconds, signal),
      changed: () => this.#tell("mailingcore-billing-changed"),
    });
  }

  /** The service's address, as far as it is one. */
  #address() {
    const given = this.getAttribute("base-url") ?? SERVICE;
    return URL.canParse(given, document.baseURI) ? new URL(given, document.baseURI).href : given;
  }

  /** Loads what failed while there was no connection, and takes back what was said of it. */
  #retry() {
    const { parts, notice } = this.#store.state;
    if (notice?.type === "failed" || Object.values(parts).some(({ error }) => error !== null)) {
      this.#reload();
    }
  }

  /** Loads everything again, if there is an address to load it from. */
  #reload() {
    if (URL.canParse(this.#address())) {
      this.#running?.controller.loadAll();
    }
  }

  /** Shows what has changed while the user was elsewhere, such as at an invoice in another tab. */
  #refresh() {
    if (document.visibilityState === "visible" && phase(this.#store.state) === "ready") {
      this.#running?.controller.refresh();
    }
  }

  #render() {
    if (this.#running === null) {
      return;
    }
    const { controller, i18n } = this.#running;
    /** @type {Page} */
    const page = {
      i18n,
      controller,
      state: this.#store.state,
      level: Number.parseInt(this.getAttribute("heading-level") ?? "", 10) || 1,
      development: this.development,
      counts: this.#counts,
      drafts: this.#drafts,
      signIn: () => this.#signIn(),
      reload: () => this.#reload(),
    };
    render(html`<div lang=${i18n.locale}><${App} page=${page} /></div>`, this.#root);
  }

  /**
   * Lets the dashboard sign the user in by itself, which cancels the event; otherwise asks for the
   * token again.
   */
  #signIn() {
    if (this.#tell("mailingcore-signin")) {
      this.#restart();
    }
  }

  /** @param {string} url */
  #leave(url) {
    if (this.#tell("mailingcore-navigate", { url })) {
      location.assign(url);
    } else {
      this.#store.dispatch({ type: "acting", action: null });
    }
  }

  /**
   * @param {string} type
   * @param {object} [detail]
   * @returns {boolean} whether nobody called it off
   */
  #tell(type, detail = {}) {
    const options = { bubbles: true, composed: true, cancelable: true, detail };
    return this.dispatchEvent(new CustomEvent(type, options));
  }
}

/**
 * Waits, or stops early when the signal aborts.
 *
 * @param {number} milliseconds
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
function sleep(milliseconds, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

if (customElements.get("mailingcore-billing") === undefined) {
  customElements.define("mailingcore-billing", MailingcoreBilling);
}
