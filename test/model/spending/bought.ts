import type { WireInvoiceLine } from "../../../sandbox/state/wire.ts";
import type { Billed, Books } from "./books.ts";
import type { Measure } from "./spending_tenant.ts";

/** What a month of each plan brings, by its price per month in minor units: the list of prices. */
export interface Brings {
  readonly [productId: string]: Readonly<Record<Measure, number>> | undefined;
}

/** What was bought. */
export interface Bought {
  /** By money, months to come included, the running one whole. */
  readonly most: number;
  /** Of it, months that have begun. */
  readonly begun: number;
  /** What operators gave: trials, discounts of everything. */
  readonly granted: number;
  /** For payments that were on their way, or not yet due. */
  readonly lent: number;
}

/**
 * What was bought by `now`: of each invoice that was paid, by money or by a balance that money stands
 * behind, and not given back, what its lines bring, for the time that no paid invoice credits.
 */
export function boughtBy(
  books: Books,
  { measure, brings, now }: { measure: Measure; brings: Brings; now: number },
): Bought {
  const payers = new Payers(books);
  const bought = { most: 0, begun: 0, granted: 0, lent: 0 };
  for (const billed of books.billed) {
    for (const line of billed.invoice.lines.data) {
      const monthly = brings[String(line.pricing?.price_details?.product)]?.[measure] ?? 0;
      if (monthly === 0 || line.amount < 0 || line.parent?.type === "invoice_item_details") {
        continue;
      }
      const months = monthsOf(line, books);
      const all = monthly * sum(months.map(({ part }) => part));
      const begun = months.filter(({ start }) => start <= now);
      if (!payers.isPaid(billed)) {
        bought.lent += payers.isLent(billed, now) ? monthly * Math.max(1, begun.length) : 0;
      } else if (priceOf(line) === 0) {
        bought.granted += all;
      } else {
        bought.most += all;
        // E-mails of a month that was paid after its end cannot be sent any more; tokens are made good.
        const late = measure === "emails" && isPaidLate(billed, months);
        bought.begun += late ? 0 : monthly * sum(begun.map(({ part }) => part));
      }
    }
  }
  return bought;
}

/** Whether anybody stands behind an invoice. */
class Payers {
  readonly #books: Books;
  readonly #paid = new Map<string, boolean>();

  constructor(books: Books) {
    this.#books = books;
  }

  isPaid(billed: Billed): boolean {
    const { id } = billed.invoice;
    const known = this.#paid.get(id);
    if (known !== undefined) {
      return known;
    }
    // What leads back to itself stands on nothing.
    this.#paid.set(id, false);
    const paid =
      billed.invoice.status === "paid" &&
      !this.#isGivenBack(billed) &&
      this.#sources(billed).every((source) => this.isPaid(source)) &&
      this.#isBalanceGood(id);
    this.#paid.set(id, paid);
    return paid;
  }

  /**
   * Whether its money was on its way, or had time, when a month began. Only a renewal is lent while
   * a debit is on its way.
   */
  isLent(billed: Billed, now: number): boolean {
    const { invoice, charges } = billed;
    const debited =
      invoice.billing_reason === "subscription_cycle" &&
      charges.some(
        ({ payment_method_details: method, status }) =>
          method?.type !== "card" && status !== "succeeded",
      );
    const sent = invoice.collection_method === "send_invoice" && invoice.status !== "draft";
    const credits = invoice.status === "paid" ? this.#sources(billed) : [];
    return (
      debited ||
      (sent && invoice.created <= now) ||
      credits.some((source) => !this.isPaid(source) && this.isLent(source, now))
    );
  }

  #sources({ invoice }: Billed): Billed[] {
    return creditLines(invoice.lines.data).flatMap((line) => {
      const id = creditedBy(line)?.invoice;
      return this.#books.billed.filter((one) => one.invoice.id === id && id !== invoice.id);
    });
  }

  #isGivenBack({ invoice, money }: Billed): boolean {
    const balance = this.#books.balance.some(
      ({ type, metadata }) =>
        type === "adjustment" && Object.values(metadata ?? {}).includes(invoice.id),
    );
    return balance || money < invoice.amount_paid;
  }

  /** Whether the balance that an invoice took came from money; that is taken first. */
  #isBalanceGood(invoiceId: string): boolean {
    let good = 0;
    for (const { amount, invoice } of this.#books.balance) {
      const own = invoice === invoiceId;
      if (amount > 0) {
        if (own && good < amount) {
          return false;
        }
        good = Math.max(0, good - amount);
      } else {
        const from = this.#books.billed.find((one) => one.invoice.id === invoice);
        good -= own || from === undefined || this.isPaid(from) ? amount : 0;
      }
    }
    return true;
  }
}

/** Whether the time of a line was over, or credited, when its invoice was paid. */
function isPaidLate({ invoice }: Billed, months: readonly Month[]): boolean {
  const until = Math.max(...months.map((month) => month.until));
  return (invoice.status_transitions.paid_at ?? 0) >= until;
}

function creditLines(lines: readonly WireInvoiceLine[]): WireInvoiceLine[] {
  return lines.filter(({ amount }) => amount < 0);
}

function creditedBy(line: WireInvoiceLine) {
  return line.parent?.subscription_item_details?.proration_details?.credited_items;
}

/** What a line costs after discounts. */
function priceOf({ amount, discount_amounts: discounts }: WireInvoiceLine): number {
  return amount - sum((discounts ?? []).map((discount) => discount.amount));
}

/** A month of a line, and how much of it no paid invoice credits. */
interface Month {
  readonly start: number;
  readonly until: number;
  readonly part: number;
}

function monthsOf(line: WireInvoiceLine, books: Books): Month[] {
  const { start, end } = line.period;
  const until = Math.min(end, ...creditStarts(line.id, books));
  const price = books.prices.get(String(line.pricing?.price_details?.price));
  const yearly = price?.recurring?.interval === "year";
  if (line.parent?.subscription_item_details?.proration === true && !yearly) {
    return [{ start, until, part: (until - start) / (end - monthsAfter(end, -1)) }];
  }
  const months: Month[] = [];
  for (let from = start, count = 1; from < until; count += 1) {
    const to = yearly ? Math.min(end, monthsAfter(start, count)) : end;
    months.push({
      start: from,
      until: Math.min(to, until),
      part: Math.min(1, (until - from) / (to - from)),
    });
    from = to;
  }
  return months;
}

function creditStarts(lineId: string, { billed }: Books): number[] {
  return billed
    .filter(({ invoice }) => invoice.status === "paid")
    .flatMap(({ invoice }) => creditLines(invoice.lines.data))
    .filter((line) => creditedBy(line)?.invoice_line_items.includes(lineId) === true)
    .map(({ period }) => period.start);
}

/** The same day and time so many months later, or the last day of a month that is shorter. */
function monthsAfter(seconds: number, months: number): number {
  const date = new Date(seconds * 1_000);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, last));
  return date.getTime() / 1_000;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
