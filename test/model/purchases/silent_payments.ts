import type { State } from "../../../sandbox/state/state.ts";
import type { WireInvoice, WireInvoiceLine } from "../../../sandbox/state/wire.ts";

const DAY_SECONDS = 86_400;
const MONEY_IS_AWAY = ["needs_response", "under_review", "lost"];

/** What the service says. */
export interface Said {
  /** The keys of all entries of all ledgers. */
  readonly keys: ReadonlySet<string>;
  /** What the open items are about. */
  readonly subjects: ReadonlySet<string>;
  /** What we sell, at Stripe. */
  readonly products: ReadonlySet<string>;
}

/** Money that was kept. */
interface Kept {
  /** By which ids it may be named. */
  readonly ids: readonly string[];
  readonly amount: number;
  /** The part that gave a tenant tokens, or is not for what we sell. */
  readonly given: number;
}

/**
 * Payments of which something was neither given back, nor gave a tenant tokens, nor is named: there
 * must be none (P41). Counts the provider's books and the keys of the ledgers, and knows no rule of
 * the service.
 */
export function silentPayments(state: State, said: Said): readonly string[] {
  return keptMoney(state, said)
    .filter(({ amount, given }) => amount > given)
    .filter(({ ids }) => !ids.some((id) => said.subjects.has(id)))
    .map(({ ids, amount, given }) => `${ids.join(" ")}: ${amount} kept, ${given} given`);
}

/** Items about money that was given back whole. */
export function staleItems(state: State, said: Said): readonly string[] {
  return keptMoney(state, said)
    .filter(({ amount }) => amount <= 0)
    .flatMap(({ ids }) => ids.filter((id) => !id.startsWith("sub_") && said.subjects.has(id)));
}

function keptMoney(state: State, said: Said): readonly Kept[] {
  const invoices = [...state.invoices.values()].filter(({ amount_paid }) => amount_paid > 0);
  const billed = new Set(
    [...state.invoicePayments.values()].map(({ payment }) => payment.payment_intent),
  );
  const single = [...state.charges.values()].filter(
    ({ paid, payment_intent: intent }) => paid && !billed.has(String(intent)),
  );
  return [
    ...invoices.map((invoice) => keptOfInvoice(state, invoice, said)),
    ...single.map(({ id, amount, payment_intent, metadata }) => {
      const intent = String(payment_intent);
      const session = sessionOf(state, intent);
      const isOurs = session !== undefined || metadata.kind === "token_pack";
      const isGiven = session !== undefined && said.keys.has(`pack:${session}`);
      return {
        ids: [intent, ...(session === undefined ? [] : [session])],
        amount: amount - moneyAway(state, id),
        given: isOurs && !isGiven ? 0 : amount,
      };
    }),
  ];
}

function keptOfInvoice(state: State, invoice: WireInvoice, { keys, products }: Said): Kept {
  const { id, amount_paid: paid } = invoice;
  const intents = [...state.invoicePayments.values()]
    .filter((one) => one.invoice === id && one.status === "paid")
    .map(({ payment }) => String(payment.payment_intent));
  const charges = intents.map((one) => String(state.paymentIntents.get(one)?.latest_charge));
  const away = charges.reduce((sum, charge) => sum + moneyAway(state, charge), 0);
  const subscription = invoice.parent?.subscription_details?.subscription ?? null;
  const sales = [id, ...intents.flatMap((one) => sessionOf(state, one) ?? [])];
  const isSold = sales.some((sale) => keys.has(`pack:${sale}`));
  const lines = invoice.lines.data.filter(({ amount }) => amount > 0);
  const isOurs = ({ pricing }: WireInvoiceLine) =>
    products.has(String(pricing?.price_details?.product));
  const isPlans = ({ parent }: WireInvoiceLine) => parent?.type === "subscription_item_details";
  const plans = lines.filter((line) => isOurs(line) && isPlans(line));
  const isGiven = plans.some(({ period }) => hasMonth(keys, String(subscription), period));
  const given = [
    ...lines.filter((line) => !isOurs(line) || (isSold && !isPlans(line))),
    ...(isGiven ? (isCredited(state, subscription) ? plans : onePlan(plans)) : []),
  ].reduce((sum, { amount }) => sum + amount, 0);
  return {
    ids: [...sales, ...(subscription === null ? [] : [String(subscription)])],
    amount: paid - away - creditedOtherwise(state, id),
    given: Math.min(given, paid),
  };
}

/** Whether a change has credited time of a subscription, so that what was paid passes on. */
function isCredited({ invoices }: State, subscription: unknown): boolean {
  return [...invoices.values()].some(
    ({ parent, lines }) =>
      parent?.subscription_details?.subscription === subscription &&
      lines.data.some(({ amount }) => amount < 0),
  );
}

/** One plan counts, once: the dearest, with what changes of it have cost. */
function onePlan(lines: readonly WireInvoiceLine[]): readonly { readonly amount: number }[] {
  const isChange = ({ parent }: WireInvoiceLine) =>
    parent?.subscription_item_details?.proration === true;
  const single = lines
    .filter((line) => !isChange(line))
    .map(({ amount, quantity }) => amount / (quantity ?? 1));
  return [...lines.filter(isChange), { amount: Math.max(0, ...single) }];
}

/** Whether a ledger has a month of the subscription in, or around, that time. */
function hasMonth(
  keys: ReadonlySet<string>,
  subscription: string,
  { start, end }: { start: number; end: number },
): boolean {
  const prefix = `grant:${subscription}:`;
  return [...keys].some((key) => {
    const from = Date.parse(key.slice(prefix.length, prefix.length + 24)) / 1_000;
    return key.startsWith(prefix) && start - 31 * DAY_SECONDS <= from && from < end;
  });
}

function sessionOf({ checkoutSessions }: State, intent: string): string | undefined {
  const sessions = [...checkoutSessions.values()];
  return sessions.find((one) => one.payment_intent === intent)?.id;
}

function moneyAway({ refunds, disputes }: State, charge: string): number {
  const refunded = [...refunds.values()].filter(
    (one) => one.charge === charge && one.status !== "failed",
  );
  const disputed = [...disputes.values()].filter(
    (one) => one.charge === charge && MONEY_IS_AWAY.includes(one.status),
  );
  return [...refunded, ...disputed].reduce((sum, { amount }) => sum + amount, 0);
}

function creditedOtherwise({ creditNotes }: State, invoice: string): number {
  return [...creditNotes.values()]
    .filter((note) => note.invoice === invoice && note.status === "issued")
    .reduce(
      (sum, { post_payment_amount: amount, refunds }) =>
        sum + amount - refunds.reduce((all, one) => all + one.amount_refunded, 0),
      0,
    );
}
