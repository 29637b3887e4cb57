/** Buttons, form fields, badges and notices. */
export const CONTROL_STYLE = `
button, .button { display: inline-flex; align-items: center; justify-content: center;
  min-height: 2.75rem; padding: .5rem 1.125rem; font: inherit; font-weight: 600;
  line-height: 1.3; text-align: center; text-decoration: none; cursor: pointer;
  color: var(--on-accent); background: var(--accent); border: 1px solid var(--accent);
  border-radius: .5rem; }
button:hover, .button:hover { background: color-mix(in oklab, var(--accent) 88%, var(--ink)); }
button.quiet, .button.quiet { color: var(--ink); background: var(--paper);
  border-color: var(--control); }
button.quiet:hover, .button.quiet:hover { background: var(--shade); }
button.danger { background: var(--bad); border-color: var(--bad); }
button.danger:hover { background: color-mix(in oklab, var(--bad) 88%, var(--ink)); }
.actions { display: flex; flex-wrap: wrap; gap: .625rem; }
.actions.tall { flex-direction: column; }
.actions.middle { align-items: center; }
.actions.tall > * { width: 100%; }

.fields { display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr); }
.pair { display: grid; gap: 1rem; grid-template-columns: repeat(2, minmax(0, 1fr)); }
label { display: block; margin-bottom: .3125rem; font-size: .875rem; font-weight: 600; }
label .soft { font-weight: 400; }
.check { display: flex; align-items: center; gap: .625rem; margin: 0; min-height: 2rem; }
.check input { flex: none; width: 1.5rem; height: 1.5rem; min-height: 0; margin: 0; }
input, select { width: 100%; min-height: 2.75rem; padding: .5rem .75rem; font: inherit; color: inherit;
  background: var(--paper); border: 1px solid var(--control); border-radius: .5rem; }
input[inputmode="numeric"] { letter-spacing: .02em; }
input:focus-visible { outline-offset: 0; border-radius: .5rem; }
input[aria-invalid] { border-color: var(--bad); box-shadow: 0 0 0 1px var(--bad); }
.problem { margin-top: .3125rem; font-size: .875rem; color: var(--bad); }

.badge { display: inline-block; padding: 0 .625rem; font-size: .8125rem; font-weight: 600;
  line-height: 1.625rem; white-space: nowrap; border-radius: 1rem; color: var(--tone);
  background: color-mix(in oklab, var(--tone) 11%, var(--paper)); }
.good { --tone: var(--good); }
.info { --tone: var(--info); }
.warn { --tone: var(--warn); }
.bad { --tone: var(--bad); }
.notice { padding: .75rem 1rem; border: 1px solid color-mix(in oklab, var(--tone) 35%, transparent);
  border-left: .25rem solid var(--tone); border-radius: .5rem;
  background: color-mix(in oklab, var(--tone) 7%, var(--paper)); }
.notice strong { color: var(--tone); }
.notice a { display: inline-block; min-height: 1.5rem; color: inherit; }
.notice ul { padding-left: 1.125rem; }
`;
