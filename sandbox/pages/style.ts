import { CONTENT_STYLE } from "./style_content.ts";
import { CONTROL_STYLE } from "./style_controls.ts";

/** Colours and measures, the frame of every page, and its text. Nothing moves. */
const FRAME_STYLE = `
:root {
  color-scheme: light dark;
  --ink: light-dark(#23211c, #edeae3);
  --soft: light-dark(#655f53, #b3ad9f);
  --paper: light-dark(#fff, #1f1e1b);
  --ground: light-dark(#f8f5ee, #151412);
  --shade: light-dark(#f4f0e6, #2a2824);
  --line: light-dark(#e6e0d2, #37342e);
  --control: light-dark(#8d8573, #7b7465);
  --accent: light-dark(#0b6157, #74d3c4);
  --on-accent: light-dark(#fff, #10201d);
  --good: light-dark(#17663a, #7ddca1);
  --warn: light-dark(#804a00, #f6bf63);
  --bad: light-dark(#a8231b, #ff9f97);
  --info: light-dark(#564f41, #c9c2b2);
  --sand: light-dark(#ffe3a3, #4a3a14);
  --sand-dark: light-dark(#fbd885, #3f3110);
  --on-sand: light-dark(#493400, #ffe7b0);
  --radius: .75rem;
}
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: flex; flex-direction: column;
  background: var(--ground); color: var(--ink); font: 1rem/1.55 system-ui, -apple-system,
  "Segoe UI", sans-serif; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
h1, h2, p, ul, ol, dl, dd { margin: 0; padding: 0; }
ul.plain, ol.plain { list-style: none; }
h1 { font-size: 1.625rem; font-weight: 650; line-height: 1.25; letter-spacing: -.015em;
  text-wrap: balance; }
h2 { font-size: 1.0625rem; font-weight: 650; line-height: 1.35; }
code, .code { font: .875em/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
a { color: var(--accent); text-underline-offset: .2em; }
.soft { color: var(--soft); }
.small { font-size: .875rem; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden;
  clip-path: inset(50%); white-space: nowrap; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: .25rem; }

.banner { display: flex; flex-wrap: wrap; justify-content: center; gap: 0 .75rem;
  padding: .625rem 1rem; font-size: .875rem; text-align: center; color: var(--on-sand);
  background: repeating-linear-gradient(-45deg, var(--sand) 0 .875rem,
    var(--sand-dark) .875rem 1.75rem); border-bottom: 1px solid var(--sand-dark); }
.banner strong { font-weight: 700; }
main { flex: 1; width: 100%; max-width: 40rem; margin: 0 auto; padding: 2.5rem 1.25rem 3rem;
  display: grid; gap: 1.25rem; align-content: start; grid-template-columns: minmax(0, 1fr); }
main.wide { max-width: 66rem; }
.foot { padding: 0 1.25rem 2rem; font-size: .8125rem; text-align: center; color: var(--soft); }
.head { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between;
  gap: .5rem 1.5rem; }
.head > div { min-width: 0; }
.stack { display: grid; gap: .75rem; grid-template-columns: minmax(0, 1fr);
  justify-items: start; }
.stack > * { max-width: 100%; }
.stack > .head { justify-self: stretch; }

@media (max-width: 40rem) {
  main { padding: 1.5rem 1rem 2rem; }
  h1 { font-size: 1.4375rem; }
}
@media (forced-colors: active) {
  .banner { border: 2px solid; }
  .badge, .button, button { border: 1px solid; }
}
`;

/** What is left of a page on paper. */
const PRINT_STYLE = `
@media print {
  :root { color-scheme: light; --ground: #fff; }
  .banner { background: none; border: 1px dashed; }
  .screen, .foot, form, .button { display: none; }
  main, main.wide { max-width: none; padding: 1.5rem 0; }
  .card { border: 0; padding: 0; }
  .badge { border: 1px solid; background: none; }
}
`;

/** The style sheet of every page, light or dark as the reader prefers. */
export const STYLE = FRAME_STYLE + CONTROL_STYLE + CONTENT_STYLE + PRINT_STYLE;

/** The icon of every page: a heap of sand with stripes. */
export const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<defs><clipPath id="c"><rect width="32" height="32" rx="7"/></clipPath></defs>
<g clip-path="url(#c)"><path fill="#ffe3a3" d="M0 0h32v32H0z"/>
<path stroke="#e0a920" stroke-width="5" d="M-4 12 12-4M-4 28 28-4M4 36 36 4M20 36l16-16"/>
<path fill="#0b6157" d="M4 26c5 0 6-12 12-12s7 12 12 12z"/></g></svg>`;
