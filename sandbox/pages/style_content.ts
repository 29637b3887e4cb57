/** Cards, tables, sums, and what Checkout, the Portal and the start page are made of. */
export const CONTENT_STYLE = `
.card { display: grid; align-content: start; gap: 1rem; grid-template-columns: minmax(0, 1fr); padding: 1.5rem;
  background: var(--paper); border: 1px solid var(--line); border-radius: var(--radius); }
.price { font-size: 2.25rem; font-weight: 680; line-height: 1.15; letter-spacing: -.02em; }
.price .soft { font-size: 1rem; font-weight: 400; letter-spacing: 0; }
.card > h2.quiet { font-size: .875rem; color: var(--soft); }
.name { font-size: 1.1875rem; font-weight: 650; line-height: 1.3; }
.pairs, .column { display: grid; gap: 1.25rem; grid-template-columns: minmax(0, 1fr);
  align-content: start; }

.sums { width: 100%; border-collapse: collapse; }
.sums th, .sums td { padding: .5rem 0; text-align: left; vertical-align: baseline;
  font-weight: 400; }
.sums td { padding-left: 1rem; text-align: right; white-space: nowrap; overflow-wrap: normal; }
.sums tr.ruled > * { border-top: 1px solid var(--line); padding-top: .75rem; }
.sums tr.total > * { font-weight: 680; }
.sums .period { display: block; }

.scroll { overflow-x: auto; margin: 0 -.25rem; padding: 0 .25rem; }
.table { width: 100%; border-collapse: collapse; font-size: .9375rem; }
.table th, .table td { padding: .5rem 1.25rem .5rem 0; text-align: left; vertical-align: baseline;
  border-bottom: 1px solid var(--line); white-space: nowrap; overflow-wrap: normal; }
.table thead th { padding-top: 0; font-size: .8125rem; font-weight: 600; color: var(--soft); }
.table tbody th { font-weight: 400; }
.table tbody tr:last-child > * { border-bottom: 0; padding-bottom: 0; }
.table a { display: inline-block; min-height: 1.5rem; }
.table .number { text-align: right; }
.table tr > :last-child { padding-right: 0; }
@media (max-width: 34rem) {
  .table, .table tbody { display: block; }
  .table thead { position: absolute; clip-path: inset(50%); }
  .table tr { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: .25rem 1rem;
    align-items: baseline; padding: .75rem 0; border-bottom: 1px solid var(--line); }
  .table tr:first-child { padding-top: 0; }
  .table tr:last-child { padding-bottom: 0; border: 0; }
  .table tbody th, .table tbody td { padding: 0; border: 0; white-space: normal;
    overflow-wrap: anywhere; }
  .table td:nth-child(even) { text-align: right; }
  .table.long th { grid-column: 1 / -1; }
  .table.long td:nth-child(even) { text-align: left; }
  .table.long td:nth-child(odd) { text-align: right; }
}

.message h1::before { content: "!" / ""; display: block; width: 2.75rem; margin-bottom: 1rem;
  font-size: 1.25rem; line-height: 2.75rem; text-align: center; letter-spacing: 0;
  border-radius: 50%; color: var(--tone, var(--info));
  background: color-mix(in oklab, var(--tone, var(--info)) 12%, var(--paper)); }
.message.good h1::before { content: "✓" / ""; }

.facts { display: grid; gap: .625rem 1.5rem;
  grid-template-columns: repeat(auto-fit, minmax(min(9rem, 100%), 1fr)); }
.facts .whole { grid-column: 1 / -1; }
.facts dt { font-size: .8125rem; color: var(--soft); }
.steps { padding-left: 1.25rem; display: grid; gap: .5rem; }

.cards { display: grid; gap: .5rem;
  grid-template-columns: repeat(auto-fill, minmax(min(11.5rem, 100%), 1fr)); }
.cards a { display: grid; align-content: start; gap: .125rem; height: 100%; padding: .625rem .75rem;
  color: inherit; text-decoration: none; border: 1px solid var(--line); border-radius: .5rem; }
.cards a:hover { background: var(--shade); }
.cards a[aria-current] { border-color: var(--accent); box-shadow: 0 0 0 1px var(--accent);
  background: color-mix(in oklab, var(--accent) 6%, var(--paper)); }
.cards .what { font-size: .875rem; font-weight: 600; line-height: 1.35; }
.cards .what::before { content: ""; display: inline-block; width: .5rem; height: .5rem;
  margin-right: .5rem; border-radius: 50%; background: var(--tone); }
.cards code { color: var(--soft); }

.plans { display: grid; }
.plans > li { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between;
  gap: .5rem 1rem; padding: .875rem 0; border-top: 1px solid var(--line); }
.plans > li:first-child { border-top: 0; padding-top: 0; }
.plans > li:last-child { padding-bottom: 0; }
.clock { font-size: 1.375rem; font-weight: 650; line-height: 1.3; }
.due { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem;
  padding-top: 1rem; border-top: 1px solid var(--line); font-size: 1.1875rem; font-weight: 680; }

@media (min-width: 56rem) {
  .checkout { grid-template-columns: minmax(0, 5fr) minmax(0, 6fr); gap: 3.5rem;
    padding-top: 3.5rem; }
  .checkout .summary { position: sticky; top: 2rem; align-self: start; }
  .pairs { grid-template-columns: repeat(2, minmax(0, 1fr)); }
}
@media (max-width: 40rem) {
  .card { padding: 1.125rem; }
  .price { font-size: 2rem; }
}
@media (forced-colors: active) {
  .cards a[aria-current] { outline: 2px solid; }
  .cards .what::before { border: 1px solid; }
}
`;
