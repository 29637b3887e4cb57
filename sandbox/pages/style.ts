/** The style sheet of every page: one column, light or dark as the reader prefers. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1a1f36; --soft: #5b6478; --paper: #fff;
  --shade: #f5f6f8; --line: #d5d9e2; --accent: #3b49df; --on-accent: #fff; --bad: #b3261e;
  --note: #fff4d6; --on-note: #5c4400; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaf0; --soft: #a3abbd; --paper: #14171f;
  --shade: #1d212c; --line: #394052; --accent: #95a0ff; --on-accent: #14171f; --bad: #ff9b93;
  --note: #3b3112; --on-note: #ffe3a0; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--shade); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; }
.banner { background: var(--note); color: var(--on-note); padding: .5rem 1rem;
  text-align: center; font-weight: 600; }
main { max-width: 44rem; margin: 1.5rem auto; padding: 1.5rem; background: var(--paper);
  border: 1px solid var(--line); border-radius: .75rem; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; margin-top: 0; }
h2 { font-size: 1.1rem; margin-top: 2rem; }
.price { font-size: 2rem; font-weight: 700; margin: 0; }
.soft { color: var(--soft); }
a { color: var(--accent); }
label { display: block; margin: 1rem 0 .25rem; font-weight: 600; }
input { width: 100%; padding: .6rem; font: inherit; color: inherit; background: var(--paper);
  border: 1px solid var(--soft); border-radius: .4rem; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 0 1rem; }
button, .button { display: inline-block; margin: 1rem .5rem 0 0; padding: .6rem 1.2rem; font: inherit;
  font-weight: 600; border: 1px solid var(--accent); border-radius: .4rem; cursor: pointer;
  background: var(--accent); color: var(--on-accent); text-decoration: none; }
button.quiet, .button.quiet { background: transparent; color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.error { border-left: 4px solid var(--bad); color: var(--bad); padding: .5rem 1rem; margin: 1rem 0; }
.card { border: 1px solid var(--line); border-radius: .5rem; padding: 1rem; margin: 1rem 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .4rem .8rem .4rem 0; border-bottom: 1px solid var(--line);
  vertical-align: top; }
.scroll th, .scroll td { white-space: nowrap; overflow-wrap: normal; }
.number { text-align: right; }
form.inline { display: inline; }
@media (max-width: 30rem) { main { margin: 0; border: 0; border-radius: 0; padding: 1rem; } }
@media print { .banner, .screen { display: none; } main { border: 0; margin: 0; max-width: none; } }
`;
