import type { Request, Response } from "express";
import { addTaxId, removeTaxId } from "../../engine/invoicing/tax_ids.ts";
import { RequestError } from "../../engine/request_error.ts";
import { emitChange } from "../../engine/transaction.ts";
import { buyerInputs, postedBuyer, problemText } from "../buyer_form.ts";
import { type Html, html } from "../html.ts";
import { messagePage, type Page, sendPage } from "../layout.ts";
import { change, finishFlow, goHome, type Visit } from "./portal_visit.ts";

const EMAIL = /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/;

/** `GET /details`: the form for what invoices say of the customer. */
export function showDetails(visit: Visit, _request: Request, response: Response): void {
  if (enabled(visit, response)) {
    sendPage(response, detailsPage(visit));
  }
}

/** `POST /details`: saves it, or says what is wrong. */
export function takeDetails(visit: Visit, request: Request, response: Response): void {
  if (!enabled(visit, response)) {
    return;
  }
  const values = new Map<string, unknown>(Object.entries(request.body ?? {}));
  const field = (name: string) => String(values.get(name) ?? "").trim();
  const { address, taxId } = postedBuyer(request.body);
  if (allows(visit, "email") && !EMAIL.test(field("email"))) {
    const problem = "Write an e-mail address such as name@example.com.";
    sendPage(response, detailsPage(visit, { problem, body: request.body }));
    return;
  }
  try {
    change(visit, (tx) => {
      if (taxId !== null && allows(visit, "tax_id")) {
        addTaxId(tx, visit.customer, taxId);
      }
      emitChange(tx, "customer.updated", visit.customer, (changed) => {
        if (allows(visit, "email")) {
          changed.email = field("email");
        }
        if (allows(visit, "name")) {
          changed.name = field("name") || null;
        }
        if (allows(visit, "phone")) {
          changed.phone = field("phone") || null;
        }
        if (allows(visit, "address") && address !== null) {
          changed.address = address;
        }
      });
    });
  } catch (error) {
    if (!(error instanceof RequestError)) {
      throw error;
    }
    const problem = problemText(error, { taxId });
    sendPage(response, detailsPage(visit, { problem, body: request.body }));
    return;
  }
  finishFlow(visit, response, { flow: "customer_update", done: "details" });
}

/** `POST /tax_ids/:taxId/delete`: takes a tax id away. */
export function takeTaxIdAway(visit: Visit, request: Request, response: Response): void {
  const taxId = visit.account.state.taxIds.get(String(request.params.taxId));
  if (taxId?.customer !== visit.customer.id || !allows(visit, "tax_id")) {
    const options = { status: 404, back: `${visit.path}/home` };
    sendPage(response, messagePage("Not found", "You have no such tax ID.", options));
    return;
  }
  change(visit, (tx) => removeTaxId(tx, taxId));
  goHome(visit, response, "details");
}

/** What invoices say of the customer, and the ways to change it. */
export function detailsCard(visit: Visit): Html {
  const { customer, features, account, path } = visit;
  const { line1, postal_code: code, city, country } = customer.address ?? {};
  const place = [line1, [code, city].filter(Boolean).join(" "), country].filter(Boolean);
  const taxIds = account.state.taxIds.of(customer.id);
  return html`<section class="card"><h2 class="quiet">Billing details</h2>
<dl class="facts">
${customer.name && html`<div><dt>Name</dt><dd>${customer.name}</dd></div>`}
<div><dt>E-mail</dt><dd>${customer.email ?? "None"}</dd></div>
${place.length > 0 && html`<div><dt>Address</dt><dd>${place.join(", ")}</dd></div>`}
${taxIds.map(
  ({ id, value }) => html`<div><dt>Tax ID</dt><dd>${value}
${
  features.customer_update.enabled &&
  allows(visit, "tax_id") &&
  html`<form method="post" action="${path}/tax_ids/${id}/delete" class="actions">
<button class="quiet">Remove<span class="unseen"> ${value}</span></button></form>`
}</dd></div>`,
)}
</dl>
${
  features.customer_update.enabled &&
  html`<p class="actions"><a class="button quiet" href="${path}/details">Update details</a></p>`
}
</section>`;
}

/** The form; where something was wrong with what was sent, with that and with what was typed. */
function detailsPage(visit: Visit, refused?: { problem: string; body: unknown }): Page {
  const { customer, path } = visit;
  const problem = refused?.problem;
  const typed = refused && postedBuyer(refused.body);
  const values = new Map<string, unknown>(Object.entries(refused?.body ?? customer));
  const redirect = visit.session.flow?.after_completion.redirect;
  const input = (name: "email" | "name" | "phone", label: string, kind: Html) =>
    allows(visit, name) &&
    html`<div><label for="${name}">${label}</label>
<input id="${name}" name="${name}" ${kind} value="${String(values.get(name) ?? "")}"></div>`;
  return {
    title: problem === undefined ? "Billing details" : "Problem: Billing details",
    status: problem === undefined ? 200 : 400,
    formTargets: redirect ? [redirect.return_url] : [],
    body: html`<h1>Billing details</h1>
<section class="card" aria-label="Billing details">
${problem !== undefined && html`<p class="notice bad" role="alert">${problem}</p>`}
<form method="post" action="${path}/details" class="fields">
${input("name", "Name", html`autocomplete="name"`)}
${input("email", "E-mail", html`type="email" autocomplete="email" required`)}
${input("phone", "Phone", html`type="tel" autocomplete="tel"`)}
${buyerInputs({
  address: typed?.address ?? customer.address ?? null,
  taxId: typed?.taxId ?? null,
  asksAddress: allows(visit, "address"),
  asksTaxId: allows(visit, "tax_id"),
})}
<div class="actions"><button>Save</button>
<a class="button quiet" href="${path}/home">Back</a></div>
</form>
</section>`,
  };
}

function allows({ features }: Visit, update: string): boolean {
  return (features.customer_update.allowed_updates as readonly string[]).includes(update);
}

function enabled(visit: Visit, response: Response): boolean {
  const { enabled: allowed } = visit.features.customer_update;
  if (!allowed) {
    const text = "Changing billing details is not enabled in this portal.";
    const options = { status: 409, tone: "warn", back: `${visit.path}/home` } as const;
    sendPage(response, messagePage("This cannot be done now", text, options));
  }
  return allowed;
}
