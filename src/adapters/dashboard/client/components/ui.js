/**
 * @import { Controller } from "../controller.js"
 * @import { Failure } from "../failure.js"
 * @import { I18n } from "../i18n.js"
 * @import { State } from "../store.js"
 * @import { Counts } from "../preview_view.js"
 * @import { ComponentChildren } from "preact"
 */

import { html } from "htm/preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { loadFailureText } from "../failure_view.js";
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
 * @property {() => void} reload loads everything again
 * @property {Map<string, FormData>} drafts what was typed into forms and is not saved, by their names
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
 * Saves what a form contains, and answers whether it is saved.
 *
 * @callback Save
 * @param {FormData} form
 * @returns {Promise<boolean>}
 */

/**
 * A form that begins with what was last saved, and begins anew when that has changed. What was typed
 * and is not saved stays, also where the page could not be shown meanwhile. It stays the same form,
 * so the focus stays where it was.
 *
 * @param {{ page: Page, name: string, saved: object, save: Save, children?: ComponentChildren }} props
 */
export function Form({ page, name, saved, save, children }) {
  const { drafts } = page;
  const form = useRef(/** @type {HTMLFormElement | null} */ (null));
  useLayoutEffect(() => {
    form.current?.reset();
    fillIn(form.current, drafts.get(name));
  }, [JSON.stringify(saved)]);
  const keep = (/** @type {Event} */ { currentTarget }) => {
    drafts.set(name, new FormData(/** @type {HTMLFormElement} */ (currentTarget)));
  };
  const submit = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const typed = drafts.get(name);
    const isSaved = await save(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)));
    if (isSaved && drafts.get(name) === typed) {
      drafts.delete(name);
    }
  };
  return html`<form ref=${form} class="form" onInput=${keep} onSubmit=${submit}>${children}</form>`;
}

/**
 * Fills a form in again.
 *
 * @param {HTMLFormElement | null} form
 * @param {FormData | undefined} typed
 */
function fillIn(form, typed) {
  for (const field of typed === undefined ? [] : (form?.elements ?? [])) {
    if (field instanceof HTMLInputElement && field.type === "checkbox") {
      field.checked = typed?.getAll(field.name).includes(field.value) ?? false;
    } else if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) {
      field.value = String(typed?.get(field.name) ?? "");
    }
  }
}

/**
 * Replaces a section that could not be loaded; `what` says what is missing where no heading does.
 *
 * @param {{ page: Page, what?: string, error: Failure, retry: () => unknown }} props
 */
export function SectionError({ page, what, error, retry }) {
  return html`
    <div class="section-error" role="alert">
      <p>${what && `${what} `}${loadFailureText(error, page.i18n)}</p>
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
