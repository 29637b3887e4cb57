/**
 * @import { Controller } from "../controller.js"
 * @import { Failure } from "../failure.js"
 * @import { I18n } from "../i18n.js"
 * @import { State } from "../store.js"
 * @import { Counts } from "../preview_view.js"
 * @import { ComponentChildren } from "preact"
 */

import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import { failureText } from "../failure.js";
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
 * @property {Counts} counts what the dashboard around it knows to be in use
 * @property {() => void} signIn
 */

/**
 * A heading a given number of levels below the page's main heading.
 *
 * @param {{ page: Page, below: number, id?: string, class?: string, children?: ComponentChildren }} props
 */
export function Heading({ page, below, children, ...attributes }) {
  return html`<${`h${Math.min(6, page.level + below)}`} part="heading" ...${attributes}>${children}<//>`;
}

/**
 * A section of the page with a heading.
 *
 * @param {{ page: Page, id: string, title: string, text?: string, aside?: ComponentChildren,
 *   class?: string, part?: string, children?: ComponentChildren }} props
 */
export function Section({ page, id, title, text, aside, children, ...attributes }) {
  return html`
    <section class=${attributes.class} part=${attributes.part} aria-labelledby=${id}>
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
 * @param {{ page: Page, action?: string, kind?: string, label?: string, onClick?: () => unknown,
 *   submits?: boolean, children?: ComponentChildren }} props `label` is what screen readers say
 *   instead; one that `submits` belongs to a form
 */
export function Button({ page, action, kind = "", label, onClick, submits = false, children }) {
  const { busy } = page.state;
  const mine = busy !== null && busy === action;
  const waits = busy !== null && action !== undefined;
  return html`
    <button
      type=${submits && !waits ? "submit" : "button"}
      class=${`button ${kind}`}
      part=${kind === "primary" ? "button primary-button" : "button"}
      aria-disabled=${waits ? "true" : undefined}
      aria-label=${mine ? undefined : label}
      onClick=${waits ? undefined : onClick}
    >
      ${mine ? page.i18n.t(submits ? "underWay" : "opening") : children}
    </button>
  `;
}

/**
 * A form that begins with what was last saved, and begins anew when that has changed. It stays the
 * same form, so the focus stays where it was.
 *
 * @param {{ saved: object, save: (form: FormData) => unknown, children?: ComponentChildren }} props
 */
export function Form({ saved, save, children }) {
  const form = useRef(/** @type {HTMLFormElement | null} */ (null));
  useEffect(() => form.current?.reset(), [JSON.stringify(saved)]);
  const submit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    save(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)));
  };
  return html`<form ref=${form} class="form" onSubmit=${submit}>${children}</form>`;
}

/**
 * Replaces a section that could not be loaded; `what` says what is missing where no heading does.
 *
 * @param {{ page: Page, what?: string, error: Failure, retry: () => unknown }} props
 */
export function SectionError({ page, what, error, retry }) {
  return html`
    <div class="section-error" role="alert">
      <p>${what && `${what} `}${failureText(error, page.i18n)}</p>
      <${Button} page=${page} onClick=${retry}>${page.i18n.t("retry")}<//>
    </div>
  `;
}

/** Tells screen readers that a link opens a new tab. @param {{ page: Page }} props */
export function NewTab({ page }) {
  return html`<span class="unseen">${" "}${page.i18n.t("newTab")}</span>`;
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
