import charts from "charts.css/dist/charts.min.css";
import base from "./styles/base.css";
import controls from "./styles/controls.css";
import dialog from "./styles/dialog.css";
import forms from "./styles/forms.css";
import invoices from "./styles/invoices.css";
import overview from "./styles/overview.css";
import plans from "./styles/plans.css";
import states from "./styles/states.css";
import usage from "./styles/usage.css";

/**
 * The style sheets, shared by all elements of a page. A Content-Security-Policy does not restrict
 * styles created this way.
 */
export const STYLE_SHEETS = [
  charts,
  base,
  controls,
  overview,
  usage,
  plans,
  invoices,
  forms,
  dialog,
  states,
].map(sheetOf);

/** @param {string} text */
function sheetOf(text) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  return sheet;
}
