import { findTestCard, TEST_CARDS, type TestCard } from "../engine/cards.ts";
import type { EnteredCard } from "../state/state.ts";
import { type Html, html } from "./html.ts";

/** What somebody typed into the card fields, shown again after a mistake. */
export interface CardFields {
  email: string;
  card: string;
  expiry: string;
  cvc: string;
  name: string;
}

/** A card that may be used, or what is wrong with what was typed. */
export type CardEntry = { card: EnteredCard; testCard: TestCard } | { problem: string };

/** Empty card fields with a future expiry date and the card that succeeds. */
export function blankCard(nowMs: number, email: string | null): CardFields {
  const year = String(new Date(nowMs).getUTCFullYear() + 3).slice(2);
  const card = TEST_CARDS[0]?.number ?? "";
  return { email: email ?? "", card, expiry: `12 / ${year}`, cvc: "123", name: "" };
}

/** The fields of a form that was posted. */
export function postedCard(body: unknown): CardFields {
  const values = new Map<string, unknown>(Object.entries(body ?? {}));
  const field = (name: string) => String(values.get(name) ?? "").trim();
  return {
    email: field("email"),
    card: field("card"),
    expiry: field("expiry"),
    cvc: field("cvc"),
    name: field("name"),
  };
}

/** Reads the card fields; `email` is what is known already. */
export function readCard(fields: CardFields, nowMs: number, email: string | null): CardEntry {
  const testCard = findTestCard(fields.card);
  if (testCard === undefined) {
    return { problem: "This is not a test card. Use one of the numbers listed below." };
  }
  const expiry = readExpiry(fields.expiry, nowMs);
  if (expiry === undefined) {
    return { problem: "The expiry date is wrong or in the past. Write it as MM / YY." };
  }
  if (!/^\d{3,4}$/.test(fields.cvc)) {
    return { problem: "The security code has three or four digits." };
  }
  const address = email ?? fields.email;
  if (!/^[^\s@]+@[^\s@]+$/.test(address)) {
    return { problem: "Write an e-mail address such as name@example.com." };
  }
  const card = {
    number: testCard.number,
    ...expiry,
    email: address,
    name: fields.name === "" ? null : fields.name,
  };
  return { testCard, card };
}

/** The fields of a card form; the e-mail can be typed where it is not known yet. */
export function cardInputs(fields: CardFields, email: string | null): Html {
  return html`
${
  email === null
    ? html`<label for="email">E-mail</label>
<input id="email" name="email" type="email" autocomplete="email" required value="${fields.email}">`
    : html`<p>E-mail: <strong>${email}</strong></p>`
}
<label for="card">Card number</label>
<input id="card" name="card" inputmode="numeric" autocomplete="cc-number" required
  aria-describedby="test-cards" value="${fields.card}">
<div class="pair">
<div><label for="expiry">Expiry (MM / YY)</label>
<input id="expiry" name="expiry" inputmode="numeric" autocomplete="cc-exp" required
  value="${fields.expiry}"></div>
<div><label for="cvc">Security code (CVC)</label>
<input id="cvc" name="cvc" inputmode="numeric" autocomplete="cc-csc" required
  value="${fields.cvc}"></div>
</div>
<label for="name">Name on card</label>
<input id="name" name="name" autocomplete="cc-name" value="${fields.name}">`;
}

/** The list of test cards. */
export function testCardList(): Html {
  return html`<section aria-labelledby="test-cards"><h2 id="test-cards">Test cards</h2>
<ul>${TEST_CARDS.map(
    ({ number, label }) => html`<li><code>${number.replaceAll(/(\d{4})(?=\d)/g, "$1 ")}</code>
— ${label}</li>`,
  )}</ul>
<p class="soft">Any future expiry date and any security code will do.</p></section>`;
}

/** What went wrong, announced to screen readers. */
export function problemNote(problem: string | undefined): Html | undefined {
  return problem === undefined
    ? undefined
    : html`<p class="error" role="alert"><strong>Error:</strong> ${problem}</p>`;
}

function readExpiry(
  text: string,
  nowMs: number,
): { expMonth: number; expYear: number } | undefined {
  const match = /^(\d{1,2})\s*\/?\s*(?:20)?(\d{2})$/.exec(text);
  const expMonth = Number(match?.[1]);
  const expYear = 2000 + Number(match?.[2]);
  const valid = expMonth >= 1 && expMonth <= 12 && Date.UTC(expYear, expMonth, 1) > nowMs;
  return valid ? { expMonth, expYear } : undefined;
}
