import { findTestCard, TEST_CARDS, type TestCard } from "../engine/cards.ts";
import { type CardFields, type FieldProblem, grouped } from "./card_form.ts";
import { type Html, html } from "./html.ts";

/** What a card form shows. */
export interface CardForm {
  fields: CardFields;
  problems?: readonly FieldProblem[];
  /** The e-mail address that is known already; it cannot be changed. */
  email: string | null;
}

interface Field {
  name: keyof CardFields;
  label: string | Html;
  /** Further attributes of the input. */
  attributes: Html;
}

const EMAIL: Field = {
  name: "email",
  label: "E-mail",
  attributes: html`type="email" autocomplete="email" required`,
};
const CARD: Field = {
  name: "card",
  label: "Card number",
  attributes: html`inputmode="numeric" autocomplete="cc-number" required`,
};
const EXPIRY: Field = {
  name: "expiry",
  label: html`Expiry <span class="soft">MM / YY</span>`,
  attributes: html`inputmode="numeric" autocomplete="cc-exp" required`,
};
const CVC: Field = {
  name: "cvc",
  label: "Security code",
  attributes: html`inputmode="numeric" autocomplete="cc-csc" required`,
};
const NAME: Field = {
  name: "name",
  label: html`Name on card <span class="soft">optional</span>`,
  attributes: html`autocomplete="cc-name"`,
};

/** The e-mail, to be typed where it is not known yet. */
export function emailInput(form: CardForm): Html {
  return form.email === null
    ? fieldInput(form, EMAIL)
    : html`<p class="small"><span class="soft">E-mail</span> <strong>${form.email}</strong></p>`;
}

/** The fields of a card form; the e-mail can be typed where it is not known yet. */
export function cardInputs(form: CardForm): Html {
  const input = (field: Field) => fieldInput(form, field);
  return html`<div class="fields">
${emailInput(form)}
${input(CARD)}
<div class="pair">${input(EXPIRY)}${input(CVC)}</div>
${input(NAME)}
</div>`;
}

/** The test cards to pick from: each is a link to `path` that fills its number in. */
export function testCardList(path: string, { fields }: CardForm): Html {
  const chosen = findTestCard(fields.card);
  return html`<section class="stack" aria-labelledby="test-cards">
<h2 id="test-cards">Test cards</h2>
<ul class="plain cards">${TEST_CARDS.map(
    (card) => html`<li><a href="${path}?card=${card.number}#card"
${card === chosen && html` aria-current="true"`}>
<span class="what ${toneOf(card)}">${card.label}</span>
<code>${grouped(card.number)}</code></a></li>`,
  )}</ul>
<p class="soft small">Pick one to fill it in. Any future expiry date and any security code will do.</p>
</section>`;
}

/** What went wrong, with links to the fields, announced to screen readers. */
export function problemNote({ problems = [] }: CardForm): Html | undefined {
  return problems.length === 0
    ? undefined
    : html`<div class="notice bad" role="alert"><strong>Please check the card.</strong>
<ul>${problems.map(
        ({ field, text }) => html`<li><a href="#${field}">${text}</a></li>`,
      )}</ul></div>`;
}

function fieldInput({ fields, problems = [] }: CardForm, field: Field): Html {
  const { name, label, attributes } = field;
  const problem = problems.find((candidate) => candidate.field === name);
  const first = problem !== undefined && problem === problems[0];
  return html`<div><label for="${name}">${label}</label>
<input id="${name}" name="${name}" ${attributes} value="${fields[name]}"
${problem && html` aria-invalid="true" aria-describedby="${name}-problem"`}
${first && html` autofocus`}>
${problem && html`<p class="problem" id="${name}-problem">${problem.text}</p>`}</div>`;
}

function toneOf({ behavior }: TestCard): string {
  switch (behavior) {
    case "succeeds":
      return "good";
    case "declined":
      return "bad";
    case "challenge":
    case "always_challenge":
      return "info";
    case "fails_later":
      return "warn";
    default:
      return behavior satisfies never;
  }
}
