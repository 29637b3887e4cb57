/**
 * @import { ApiError } from "../api.js"
 * @import { Controller } from "../controller.js"
 * @import { I18n } from "../i18n.js"
 * @import { State } from "../store.js"
 * @import { ComponentChildren } from "preact"
 */

import { html } from "htm/preact";
import { ARROW_DOWN, ARROW_UP, CHECK } from "./icons.js";

/**
 * The context of every component.
 *
 * @typedef {object} Page
 * @property {I18n} i18n
 * @property {State} state
 * @property {Controller} controller
 * @property {number} level of the page's main heading
 * @property {boolean} development whether it may tell how to sign in
 * @property {() => void} signIn
 */

/**
 * A heading a given number of levels below the page's main heading.
 *
 * @param {{ page: Page, below: number, id?: string, class?: string, children?: ComponentChildren }} props
 */
export function Heading({ page, below, children, ...attributes }) {
  return html`<${`h${Math.min(6, page.level + below)}`} ...${attributes}>${children}<//>`;
}

/**
 * A section of the page with a heading.
 *
 * @param {{ page: Page, id: string, title: string, text?: string, aside?: ComponentChildren,
 *   class?: string, children?: ComponentChildren }} props
 */
export function Section({ page, id, title, text, aside, children, ...attributes }) {
  return html`
    <section class=${attributes.class} aria-labelledby=${id}>
      <div class="section-head">
        <div>
          <${Heading} page=${page} below=${1} id=${id}>${title}<//>
          ${text && html`<p class="soft">${text}</p>`}
        </div>
        ${aside}
      </div>
      ${children}
    </section>
  `;
}

/**
 * A button. While its action runs, it says so and cannot be pressed again.
 *
 * @param {{ page: Page, action?: string, kind?: string, label?: string, onClick: () => unknown,
 *   children?: ComponentChildren }} props `label` is what screen readers say instead
 */
export function Button({ page, action, kind = "", label, onClick, children }) {
  const { busy } = page.state;
  const mine = busy !== null && busy === action;
  const waits = busy !== null && action !== undefined;
  return html`
    <button
      type="button"
      class=${`button ${kind}`}
      aria-disabled=${waits ? "true" : undefined}
      aria-label=${mine ? undefined : label}
      onClick=${waits ? undefined : onClick}
    >
      ${mine ? page.i18n.t("opening") : children}
    </button>
  `;
}

/**
 * Replaces a section that could not be loaded.
 *
 * @param {{ page: Page, error: ApiError, retry: () => unknown }} props
 */
export function SectionError({ page, error, retry }) {
  return html`
    <div class="section-error" role="alert">
      <p>${errorText(error, page.i18n) ?? page.i18n.t("sectionFailed")}</p>
      <${Button} page=${page} onClick=${retry}>${page.i18n.t("retry")}<//>
    </div>
  `;
}

/**
 * Returns what the user can be told about an error; `null` if nothing more than that it happened.
 *
 * @param {ApiError} error
 * @param {I18n} i18n
 * @returns {string | null}
 */
export function errorText(error, i18n) {
  if (error.status === 429) {
    const count = error.retryAfterSeconds ?? 60;
    return `${i18n.t("busyTitle")}. ${i18n.t("busyText", { count })}`;
  }
  return error.kind === "offline" && !navigator.onLine ? i18n.t("offlineTitle") : null;
}

/** Grey lines in place of content that is still loading. @param {{ lines?: number }} props */
export function Skeleton({ lines = 3 }) {
  return html`
    <div class="skeleton" aria-hidden="true">
      ${Array.from({ length: lines }, (_, index) => html`<span key=${index}></span>`)}
    </div>
  `;
}

/**
 * Shows how a limit differs from the current one.
 *
 * @param {{ limit: import("../limit_view.js").LimitView }} props
 */
export function Limit({ limit }) {
  const icon = { up: ARROW_UP, down: ARROW_DOWN, same: CHECK }[limit.change];
  return html`
    <li class=${limit.change}>
      ${icon}
      <span>${limit.text}${limit.changeText && html`<span class="unseen">, ${limit.changeText}</span>`}</span>
    </li>
  `;
}
