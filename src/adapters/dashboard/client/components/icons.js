import { html } from "htm/preact";

/** @param {string} path of an outline in a square of 16 */
function icon(path) {
  return html`
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      <path d=${path} />
    </svg>
  `;
}

export const ARROW_UP = icon("M8 13V3M4 7l4-4 4 4");
export const ARROW_DOWN = icon("M8 3v10M4 9l4 4 4-4");
export const CHECK = icon("M3 8.5l3.2 3L13 4.5");
export const CLOSE = icon("M4 4l8 8M12 4l-8 8");
export const LOCK = icon("M4 7h8v6.5H4zM5.5 7V5a2.5 2.5 0 0 1 5 0v2");
export const CLOUD = icon(
  "M4.5 12.5a3 3 0 0 1-.3-6 4 4 0 0 1 7.6-.6 2.9 2.9 0 0 1 .4 6.6zM8 7v2.6M8 11.3v.1",
);
export const PERSON = icon(
  "M8 8a2.6 2.6 0 1 0 0-5.2A2.6 2.6 0 0 0 8 8zM3 13.5c.5-2.3 2.5-3.5 5-3.5s4.5 1.2 5 3.5",
);
export const SPARK = icon("M8 2l1.5 4.5L14 8l-4.5 1.5L8 14l-1.5-4.5L2 8l4.5-1.5z");
