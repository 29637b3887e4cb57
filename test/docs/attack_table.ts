import type { Figures } from "../model/spending/attack.ts";
import { ATTACKS } from "../model/spending/attacks.ts";

/** What version 0.1.0 let happen, and the histories of `test/model` that play it today. */
interface Finding {
  readonly history: string;
  readonly before: string;
  /** The beginning of each history's name. */
  readonly played: readonly string[];
}

const FINDINGS: readonly Finding[] = [
  {
    history: "Starter, raised two hours before each period's end, lowered again, for three months",
    before: "600,000 tokens and 720,000 e-mails for EUR 27.75",
    played: ["upgrades two hours"],
  },
  {
    history: "Starter, an upgrade to Business by a card that declines",
    before: "260,000 e-mails sent while `past_due`",
    played: ["an upgrade that is not paid"],
  },
  {
    history: "a paid follow-up beside what ends, or beside a trial",
    before: "ended and refunded; free three days later",
    played: ["a paid follow-up", "a paid subscription beside a trial"],
  },
  {
    history: "a double payment of EUR 99, paid from the customer's balance",
    before: "ended, nothing given back",
    played: ["a double payment"],
  },
  {
    history: "yearly Pro raised to Business on day 40, its prorations on the next invoice",
    before: "shown as Business, 50,000 tokens a month until the renewal, which charged EUR 623.29",
    played: ["an upgrade whose prorations wait"],
  },
  {
    history: "metadata removed and restored; the customer deleted",
    before: "0 or 50,000 tokens, 0 or 1,000: it depended on who had looked",
    played: ["metadata removed", "a customer that is deleted"],
  },
  {
    history: "a coupon over everything; a price of nothing; a product that is in no plan",
    before: "0 tokens after the renewal; the free plan has 1,000",
    played: ["a discount of everything", "a price of nothing", "a product that is in no plan"],
  },
  {
    history:
      "a renewal voided or forgiven, a trial extended, collection paused, a month made a year",
    before: "the last month's counters for ever, 0 tokens",
    played: [
      "a renewal that the operator voids",
      "N11 renewal that the operator",
      "a trial that is extended",
      "collection paused",
      "a month made a year",
    ],
  },
  {
    history: "an old `unpaid`, `paused` or `incomplete` subscription beside a paid one",
    before: "the free plan's limits",
    played: ["an old unpaid", "an old paused", "an old incomplete"],
  },
  {
    history: "three renewals whose webhooks were lost",
    before: "sends refused; the third month granted alone",
    played: ["three renewals"],
  },
  {
    history: "previews beside a credit balance of EUR 40, then Pro and Business",
    before: "EUR 29 announced, 0 charged",
    played: ["a preview beside"],
  },
  {
    history: "the yearly anchor moved by a day, three times",
    before: "4 x 200,000 tokens",
    played: ["a yearly anchor moved"],
  },
  {
    history: "Business by the month to Pro by the year, nothing spent before",
    before: "200,000 tokens became 50,000",
    played: ["business unspent"],
  },
  {
    history: "invoices by e-mail, due in 30 days",
    before: "grace over when they fell due",
    played: ["L7", "L13"],
  },
  {
    history: "Starter and Business in one subscription",
    before: "Starter's limits, Business's tokens",
    played: ["two plans in one"],
  },
  {
    history: "two payments in one second, six times",
    before: "the first one kept in 3 of 6",
    played: ["two payments in one second"],
  },
  {
    history: "Pro chosen again while Pro ends",
    before: "409; now led to take the end back",
    played: ["the same plan again"],
  },
  {
    history: "a subscription payment refunded by hand",
    before: "nothing changed, and nothing does: what was meant nobody can tell",
    played: ["a payment that is refunded"],
  },
  {
    history: "Business by the year and by the month in turn, by a good card and one that declines",
    before: "200,000 tokens at each step; 450,000 for EUR 90",
    played: ["F1 a year and months in turn"],
  },
  {
    history: "a change of the billing anchor that is not paid",
    before: "a new slice of the paid period",
    played: ["F2"],
  },
  {
    history: "clocks that differ by 0.6 s; one that shows 2036",
    before: "a month's tokens gone; a free tenant kept the period of 2036",
    played: ["F3", "touched once"],
  },
];

const HEAD = "| history | with 0.1.0 | paid, EUR | tokens | e-mails | plan |";
const TABLE = new RegExp(`${HEAD.replaceAll("|", "\\|")}\n(\\|.*\n)+`);

/** A document with the table of what the attacks come to today. */
export function withAttackTable(document: string): string {
  if (!TABLE.test(document)) {
    throw new TypeError(`Cannot find the table: no line is "${HEAD}"`);
  }
  return document.replace(TABLE, `${[HEAD, "|---|---|--:|--:|--:|---|", ...rows()].join("\n")}\n`);
}

/** Histories of one finding that come to the same are one row. */
function rows(): string[] {
  return FINDINGS.flatMap(({ history, before, played }) => {
    const results = new Set(played.flatMap(figuresOf).map(cells));
    return [...results].map((result, index) =>
      index === 0 ? `| ${history} | ${before} | ${result} |` : `| | | ${result} |`,
    );
  });
}

function figuresOf(start: string): Figures[] {
  const found = ATTACKS.filter(({ name }) => name.startsWith(start));
  if (found.length === 0) {
    throw new TypeError(`Cannot find a history whose name begins with "${start}"`);
  }
  return found.map(({ figures }) => figures);
}

function cells({ paid, tokens, emails, plan }: Figures): string {
  const many = (count: number) => count.toLocaleString("en-GB");
  return `${(paid / 100).toFixed(2)} | ${many(tokens)} | ${many(emails)} | ${plan}`;
}
