import { type Money, moneyText } from "../catalog/money.ts";
import { counted } from "../counted.ts";
import { type AttentionItem, attentionId } from "./attention_item.ts";

/** What an item says to people. */
interface AttentionText {
  /** Describes the case in one sentence. */
  readonly message: string;
  /** Tells the operator what to do. */
  readonly action: string;
}

/** Every kind of case, with the meaning of its `subject` and its texts. */
const KINDS = {
  /** A second live subscription that is not a double payment (P18). Subject: that subscription. */
  duplicate_reported: ({ subject, keptId }: About & { keptId: string }) => ({
    message: `Subscription ${subject} runs beside ${keptId}, which alone counts`,
    action: "Ask the tenant which one it wants, cancel the other one and refund what it paid there",
  }),

  /** Stripe refused to refund an ended duplicate. Subject: the invoice. */
  refund_refused: ({
    subject,
    subscriptionId,
    money,
    reason,
  }: About & { subscriptionId: string; money: Money; reason: string }) => ({
    message:
      `${moneyText(money)} of invoice ${subject}, paid for the duplicate ${subscriptionId}, ` +
      `could not be given back: ${reason}`,
    action: "Give the money back in another way, then resolve this item",
  }),

  /** Money arrived for a duplicate after it had ended. Subject: the invoice. */
  duplicate_paid_late: ({
    subject,
    subscriptionId,
    money,
  }: About & { subscriptionId: string; money: Money }) => ({
    message: `${moneyText(money)} arrived by invoice ${subject} for ${subscriptionId}, which was ended as a duplicate`,
    action: "Refund the payment of this invoice at Stripe",
  }),

  /** Time was credited that nobody had paid for. Subject: the invoice that was credited. */
  unpaid_invoice_credited: ({ subject, money }: About & { money: Money }) => ({
    message:
      `Time of invoice ${subject} over ${moneyText(money)} was credited although nobody has paid ` +
      "for it: until it is paid, nothing settles by balance or by being over nothing",
    action: "Collect the invoice, or take the credit out of the customer's balance and void it",
  }),

  /**
   * A subscription ended, or became `unpaid`, before its paid time was over. Subject: the
   * subscription.
   */
  settled_period_cut: ({
    subject,
    status,
    settledUntil,
    money,
  }: About & { status: "canceled" | "unpaid"; settledUntil: Date; money: Money | null }) => ({
    message:
      `Subscription ${subject} is ${status}, but was paid until ${dayText(settledUntil)}` +
      (money === null ? "" : ` (${moneyText(money)})`),
    action:
      status === "unpaid"
        ? "Have its open invoices paid, or cancel it and refund what was not used"
        : "Refund what was not used, or offer the tenant a new subscription",
  }),

  /** Stripe cannot finalise an invoice, so nobody is charged. Subject: the invoice. */
  invoice_not_finalized: ({
    subject,
    money,
    reason,
  }: About & { money: Money; reason: string }) => ({
    message: `Invoice ${subject} over ${moneyText(money)} stays a draft, which nobody pays: ${reason}`,
    action:
      "Mend at Stripe what it names (often the customer's address), then finalise the invoice",
  }),

  /** Stripe does not know where a customer is, and goes on without tax. Subject: the subscription. */
  tax_turned_off: ({ subject }: About) => ({
    message:
      `Stripe has turned automatic tax off for subscription ${subject}, because it does not know ` +
      "where the customer is: its invoices have no tax",
    action:
      "Complete the customer's address at Stripe, then turn automatic tax on again for this " +
      "subscription",
  }),

  /** A live subscription of ours has no plan's price. Subject: the subscription. */
  no_plan_item: ({ subject, status }: About & { status: string }) => ({
    message: `Subscription ${subject} is ${status}, but none of its prices is a plan's: the tenant has the free plan`,
    action: "Give it a price of a plan at Stripe, or cancel it and refund what was paid",
  }),

  /**
   * The subscription that counts charges for more than the one plan that it gives. Subject: the
   * subscription.
   */
  extra_plan_charge: ({
    subject,
    extras,
  }: About & { extras: readonly { readonly planSlug: string; readonly times: number }[] }) => ({
    message:
      `Subscription ${subject} also charges for ` +
      `${extras.map(({ planSlug, times }) => `${times} x ${planSlug}`).join(", ")}, which gives ` +
      "nothing: one plan counts, once",
    action:
      "Take the other items, or the quantity, off the subscription at Stripe and refund what was " +
      "paid for them, or resolve this item",
  }),

  /**
   * Nobody looked at a settled month while it ran, so its tokens were made good (P26). Subject: the
   * month.
   */
  month_made_good: ({
    subscriptionId,
    start,
    tokens,
  }: About & { subscriptionId: string; start: Date; tokens: number }) => ({
    message:
      `The month of ${subscriptionId} from ${dayText(start)} passed unnoticed, or was paid late: ` +
      `its ${counted(tokens, "token")} ${tokens === 1 ? "was" : "were"} made good as pack tokens`,
    action: "Nothing for the tenant; if it happens often, see whether webhooks arrive",
  }),

  /** A subscription payment was charged back. Subject: the dispute. */
  payment_charged_back: ({
    subject,
    invoiceId,
    money,
    goesOn,
  }: About & OfInvoice & { goesOn: boolean }) => ({
    message:
      `${moneyText(money)} of invoice ${invoiceId} was charged back (${subject}); the ` +
      `subscription ${goesOn ? "goes on" : "has ended"}`,
    action: goesOn
      ? "Answer the dispute at Stripe, or cancel the subscription"
      : "Answer the dispute at Stripe, or resolve this item",
  }),

  /** A subscription payment was refunded by hand. Subject: the refund. */
  payment_refunded: ({ subject, invoiceId, money }: About & OfInvoice) => ({
    message: `${moneyText(money)} of invoice ${invoiceId} was refunded by hand (${subject}); the subscription goes on`,
    action: "Cancel the subscription if that was meant, or resolve this item",
  }),

  /**
   * Money that is due back and that is here, because the refund has failed or was refused. Subject:
   * the invoice.
   */
  refund_failed: ({ subject, money }: About & { money: Money }) => ({
    message:
      `${moneyText(money)} of invoice ${subject} is to go back, but is here: its refund has ` +
      "failed or was refused",
    action:
      "Give it back in another way, then resolve this item; for a tenant that was ended, " +
      "`tenant end` tries again",
  }),

  /**
   * A live subscription with a plan's price that gives nobody anything, for no reason that another
   * kind names. Subject: the subscription.
   */
  unexplained_subscription: ({
    subject,
    customerId,
    status,
  }: About & { customerId: string; status: string }) => ({
    message: `Subscription ${subject} of customer ${customerId} is ${status}, but gives no tenant anything`,
    action:
      "Cancel it and refund what was paid; if it is of a tenant without a customer of its own, " +
      "put the tenant's id as `tenantId` into this customer's metadata instead",
  }),

  /**
   * A live subscription with a plan's price that says that it is a tenant's, of a customer that is
   * not. Subject: the subscription.
   */
  misplaced_subscription: ({
    subject,
    customerId,
    status,
  }: About & { customerId: string; status: string }) => ({
    message:
      `Subscription ${subject} is ${status}, but of customer ${customerId}, which is not the ` +
      "tenant's own: it gives nothing",
    action: "Cancel it and refund what was paid, then let the tenant buy the plan on its own page",
  }),

  /**
   * Money for our products that gives nobody anything, for no reason that another kind names.
   * Subject: the invoice; the payment where there is none.
   */
  unexplained_payment: ({ subject, money, payer }: About & { money: Money; payer: Payer }) => ({
    message:
      `${moneyText(money)} of ${subject} was paid by ${payerText(payer)} for what we sell, but ` +
      "gives no tenant anything",
    action: "Refund it at Stripe, or resolve this item",
  }),

  /**
   * Money of a tenant's customer, or that says that it is a tenant's, for what nothing of ours has
   * sold to it. Subject: the invoice; the payment where there is none.
   */
  payment_without_sale: ({ subject, money, payer }: About & { money: Money; payer: Payer }) => ({
    message:
      `${moneyText(money)} of ${subject} was paid by ${payerText(payer)} for what we sell, but ` +
      "outside of what we sold to the tenant: it gives nothing",
    action:
      "Refund it at Stripe, or give the tenant its tokens by `ledger adjust` and resolve this item",
  }),

  /** A token pack that was paid for and never credited. Subject: its Checkout or invoice. */
  unexplained_pack: ({
    subject,
    packSlug,
    tokens,
  }: About & { packSlug: string; tokens: number }) => ({
    message: `Pack ${packSlug} of ${counted(tokens, "token")} was paid for (${subject}), but gives the tenant nothing`,
    action: "Refund its payment at Stripe, or resolve this item",
  }),

  /** Stripe sends nothing to our endpoint any more. Subject: the endpoint. */
  webhook_endpoint_disabled: ({ subject, url }: About & { url: string }) => ({
    message: `Stripe has disabled the webhook endpoint ${subject} (${url}): no events arrive there`,
    action: "Mend what it could not reach, then run `plans sync`, which enables it again",
  }),

  /** A tenant's token ledger was changed by other hands (P30). Subject: `ledger`. */
  ledger_damaged: ({ reason }: About & { reason: string }) => ({
    message: `The token ledger is not what was once written (${reason}): spending is halted`,
    action:
      "Run `ledger verify --tenant <id>`, restore what was changed or correct it by " +
      "`ledger adjust`, then run `ledger resume`",
  }),
} as const satisfies Readonly<Record<string, (facts: never) => AttentionText>>;

interface About {
  readonly subject: string;
}

interface OfInvoice {
  readonly invoiceId: string;
  readonly money: Money;
}

/** Who paid. */
interface Payer {
  /** `null` for a guest. */
  readonly customerId: string | null;
  /** The tenant whose customer it is; `null` if it is nobody's, or no longer. */
  readonly owner: string | null;
}

export type AttentionKind = keyof typeof KINDS;

/** The facts needed to raise an item of a kind. */
export type AttentionFacts<Kind extends AttentionKind> = Parameters<(typeof KINDS)[Kind]>[0] & {
  readonly tenantId: string | null;
  readonly since: Date;
};

/** Makes an item of a kind from the facts. */
export function attentionItem<Kind extends AttentionKind>(
  kind: Kind,
  facts: AttentionFacts<Kind>,
): AttentionItem {
  const texts: { [K in AttentionKind]: (facts: AttentionFacts<K>) => AttentionText } = KINDS;
  const { tenantId, subject, since } = facts;
  const about = { kind, tenantId, subject };
  return { id: attentionId(about), ...about, since, ...texts[kind](facts) };
}

function payerText({ customerId, owner }: Payer): string {
  if (customerId === null) {
    return "a guest";
  }
  return `customer ${customerId}${owner === null ? "" : ` of tenant ${owner}`}`;
}

function dayText(instant: Date): string {
  return instant.toISOString().slice(0, 10);
}
