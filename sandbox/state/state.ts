import { type Assumptions, likelyAssumptions } from "./assumptions.ts";
import { copyOf } from "./copy_of.ts";
import { type DunningSettings, usualDunning } from "./dunning_settings.ts";
import { EventLog } from "./event_log.ts";
import { Table } from "./table.ts";
import type {
  WireBalanceTransaction,
  WireCard,
  WireCharge,
  WireCheckoutSession,
  WireCoupon,
  WireCreditNote,
  WireCustomer,
  WireCustomerBalanceTransaction,
  WireDiscount,
  WireDispute,
  WireFraudWarning,
  WireInvoice,
  WireInvoiceItem,
  WireInvoiceLine,
  WireInvoicePayment,
  WireLineItem,
  WireMandate,
  WireMeter,
  WirePaymentIntent,
  WirePaymentMethod,
  WirePortalConfiguration,
  WirePortalSession,
  WirePrice,
  WireProduct,
  WirePromotionCode,
  WireRefund,
  WireSchedule,
  WireSetupAttempt,
  WireSetupIntent,
  WireSubscription,
  WireTaxId,
  WireTaxRate,
  WireTestClock,
  WireWebhookEndpoint,
} from "./wire.ts";

/** A test card as a page took it, kept while its holder is asked for 3-D Secure. */
export interface EnteredCard {
  number: string;
  expMonth: number;
  expYear: number;
  email: string | null;
  name: string | null;
}

/** Where somebody lives, as Stripe shows it. */
export type Place = NonNullable<WireCustomer["address"]>;

/** What somebody types into Checkout besides a card. */
export interface Buyer {
  email: string | null;
  name: string | null;
  address: Place | null;
  taxId: { type: string; value: string } | null;
}

/** What Checkout needs to know of a session beyond the object that Stripe shows. */
export interface CheckoutDetails {
  lineItems: WireLineItem[];
  subscriptionMetadata: Record<string, string>;
  subscriptionDescription: string | null;
  /** Days before the first payment; null where it is due now. */
  trialDays: number | null;
  /** When the trial ends, in Unix seconds, where it is not counted in days. */
  trialEnd: number | null;
  /** What later periods are counted from, in Unix seconds; null for now. */
  anchor: number | null;
  prorationBehavior: "create_prorations" | "none";
  /** What becomes of a trial that ends without a payment method. */
  trialEndBehavior: "cancel" | "create_invoice" | "pause";
  /** For the payment or setup intent of a session in `payment` or `setup` mode. */
  paymentMetadata: Record<string, string>;
  paymentDescription: string | null;
  paymentShipping: WirePaymentIntent["shipping"];
  /** Whether what a one-time payment is paid with is kept for later ones. */
  setupFutureUsage: "off_session" | "on_session" | null;
  /** What is redeemed: coupons and codes of the request, or a code that somebody typed. */
  discounts: { coupon?: string | undefined; promotion_code?: string | undefined }[];
  /** The invoice of a one-time payment; null for none. */
  invoice: {
    metadata: Record<string, string>;
    description: string | null;
    footer: string | null;
  } | null;
  /** What was typed beside the card so far. */
  buyer: Pick<Buyer, "address" | "taxId"> | null;
  /** What is saved on a customer that was there before. */
  customerUpdate: { address: boolean; name: boolean };
}

/** What a customer used, as a meter was told. */
export interface MeterReading {
  meter: string;
  customer: string;
  value: number;
  /** Unix seconds. */
  at: number;
}

/** What of a metered item's running period is not to be billed any more. Times are Unix seconds. */
export interface UsageMark {
  /** The beginning of the period that this is about; in another one it means nothing. */
  periodStart: number;
  /** From when on usage counts. */
  from: number;
  /** How many of the units counted since are billed. */
  billed: number;
}

/** What a price has besides what is always shown of it. */
export interface PriceDetails {
  currency_options: NonNullable<WirePrice["currency_options"]>;
  tiers: NonNullable<WirePrice["tiers"]> | null;
}

/** A payment whose method takes days. */
export interface DelayedPayment {
  /** Unix seconds. */
  settlesAt: number;
  succeeds: boolean;
}

/** A payment by bank debit whose money comes, or does not, some days later. */
export interface Debit {
  /** Unix seconds. */
  settlesAt: number;
  succeeds: boolean;
  /** The invoice that it pays; null for a payment of its own. */
  invoice: string | null;
  /** The Checkout Session that it was begun in, if any. */
  session?: string;
}

/** A webhook endpoint; `configured` ones come from the program, not the API, and outlive a reset. */
export interface EndpointRecord {
  object: WireWebhookEndpoint;
  secret: string;
  configured: boolean;
}

/** One attempt to deliver an event. Times are real time in ISO 8601. */
export interface DeliveryAttempt {
  at: string;
  /** The HTTP status of the answer; null where there was none. */
  status: number | null;
  error: string | null;
}

/** One copy of an event on its way to one endpoint. */
export interface Delivery {
  id: string;
  event: string;
  type: string;
  endpoint: string;
  url: string;
  /** `held`: delivery is paused; `dropped`: lost on purpose; `failed`: no retry is left. */
  status: "pending" | "held" | "delivered" | "failed" | "dropped";
  attempts: DeliveryAttempt[];
}

/** How badly events are delivered. All of it is reproducible by the seed. */
export interface DeliverySettings {
  /** Hold every delivery until this becomes false. */
  paused: boolean;
  /** How many copies of each event are sent, at the same time. */
  duplicates: number;
  /** Send the events of one burst in a random order. */
  shuffle: boolean;
  /** Wait for a random time up to this before each first attempt. */
  delayMs: number;
  /** The share of copies, 0 to 1, that are lost for good unless they are resent. */
  dropRate: number;
  seed: number;
}

/** Delivery without any distortion. */
const FAITHFUL_DELIVERY: DeliverySettings = {
  paused: false,
  duplicates: 1,
  shuffle: false,
  delayMs: 0,
  dropRate: 0,
  seed: 1,
};

/** A stored answer to a request that carried an `Idempotency-Key`. */
export interface IdempotentAnswer {
  fingerprint: string;
  storedAtMs: number;
  status: number;
  body: string;
}

/** What a connection of Stripe's command line was made for. */
export interface CliSession {
  /** Signs the events that it gets. */
  secret: string;
  /** Which requests it is told of, by name of filter; null where it gets events instead. */
  logs: Readonly<Record<string, readonly string[]>> | null;
}

/** How the next requests of a route of the API fail. */
export interface Fault {
  /** Such as `POST /v1/customers`; `*` is every route. */
  route: string;
  /** `timeout`: the answer comes late, and is a good one. */
  kind: "lock_timeout" | "status" | "timeout";
  status: number | null;
  timeoutMs: number | null;
  /** Whether the request is executed all the same. */
  executed: boolean;
  /** How many requests still fail. */
  times: number;
}

/** Everything the sandbox remembers. Maps keep the order of creation, oldest first. */
export interface State {
  clock: { offsetMs: number };
  delivery: DeliverySettings;
  assumptions: Assumptions;
  dunning: DunningSettings;
  customers: Table<WireCustomer>;
  deletedCustomers: Map<string, { deletedAt: number }>;
  products: Table<WireProduct>;
  prices: Table<WirePrice>;
  /** What Stripe shows of a price only on request, by its id. */
  priceDetails: Map<string, PriceDetails>;
  meters: Map<string, WireMeter>;
  /** By meter and identifier. */
  meterReadings: Map<string, MeterReading>;
  /** By the metered item of a subscription. */
  usageMarks: Map<string, UsageMark>;
  /** Sources of customers; what each pays with is the payment method of the same id. */
  cards: Table<WireCard>;
  paymentMethods: Table<WirePaymentMethod>;
  /** The test card number behind each payment method. */
  cardNumbers: Map<string, string>;
  setupIntents: Map<string, WireSetupIntent>;
  setupAttempts: Map<string, WireSetupAttempt>;
  mandates: Map<string, WireMandate>;
  checkoutSessions: Table<WireCheckoutSession>;
  checkoutDetails: Map<string, CheckoutDetails>;
  /** Cards that wait for 3-D Secure, by the id of the Checkout or Portal session. */
  challenges: Map<string, EnteredCard>;
  portalConfigurations: Map<string, WirePortalConfiguration>;
  portalSessions: Map<string, WirePortalSession>;
  /** Owned by their customer. */
  subscriptions: Table<WireSubscription>;
  schedules: Table<WireSchedule>;
  /** Subscriptions whose end of trial was announced, with the time of it in Unix seconds. */
  trialReminders: Map<string, number>;
  /** Owned by the subscription that they bill. */
  invoices: Table<WireInvoice>;
  /** Schedules whose end was announced, with that end in Unix seconds. */
  scheduleNotices: Map<string, number>;
  /** Changes that wait for their invoice, by subscription, and what they make of it. */
  pendingUpdates: Map<string, { invoice: string; changed: WireSubscription }>;
  /** Invoices that paused subscriptions wait for, by subscription; Unix seconds. */
  resumptions: Map<string, { invoice: string; expiresAt: number; onSuccess: boolean }>;
  /** Prorations that wait for the next invoice, by subscription. */
  pendingLines: Map<string, WireInvoiceLine[]>;
  invoiceItems: Table<WireInvoiceItem>;
  invoicePayments: Table<WireInvoicePayment>;
  creditNotes: Table<WireCreditNote>;
  /** What was said of the due date of invoices that are sent. */
  dueNotices: Map<string, { stage: "announced" | "overdue" }>;
  customerBalanceTransactions: Table<WireCustomerBalanceTransaction>;
  coupons: Map<string, WireCoupon>;
  /** Coupons that cannot be redeemed any more; the discounts that they made go on. */
  deletedCoupons: Map<string, { deletedAt: number }>;
  promotionCodes: Table<WirePromotionCode>;
  discounts: Table<WireDiscount>;
  taxRates: Map<string, WireTaxRate>;
  taxIds: Table<WireTaxId>;
  /** Refunds that come to their end later. */
  refundTurns: Table<{ at: number; status: "succeeded" | "failed" }>;
  fraudWarnings: Map<string, WireFraudWarning>;
  paymentIntents: Table<WirePaymentIntent>;
  charges: Table<WireCharge>;
  refunds: Table<WireRefund>;
  balanceTransactions: Table<WireBalanceTransaction>;
  /** Payments that are under way for days, by payment intent. */
  debits: Table<Debit>;
  disputes: Table<WireDispute>;
  /** By the id of their Checkout Session. */
  delayedPayments: Table<DelayedPayment>;
  events: EventLog;
  testClocks: Table<WireTestClock>;
  endpoints: Map<string, EndpointRecord>;
  /** Connections that Stripe's command line may open, by their ids. */
  cliSessions: Map<string, CliSession>;
  /** Owned by the event that they carry. */
  deliveries: Table<Delivery>;
  idempotentAnswers: Map<string, IdempotentAnswer>;
  faults: Map<string, Fault>;
}

/** Some tables of the state as they are read. */
export type Tables<Name extends keyof State> = {
  [Key in Name]: State[Key] extends Map<string, infer V> ? ReadonlyMap<string, V> : State[Key];
};

/** A state in which nothing has happened. */
export function emptyState(): State {
  return {
    clock: { offsetMs: 0 },
    delivery: { ...FAITHFUL_DELIVERY },
    assumptions: likelyAssumptions(),
    dunning: usualDunning(),
    customers: new Table(),
    deletedCustomers: new Map(),
    products: new Table(),
    prices: new Table(),
    priceDetails: new Map(),
    meters: new Map(),
    meterReadings: new Map(),
    usageMarks: new Map(),
    cards: new Table(({ customer }) => customer),
    paymentMethods: new Table(),
    cardNumbers: new Map(),
    setupIntents: new Map(),
    setupAttempts: new Map(),
    mandates: new Map(),
    checkoutSessions: new Table(),
    checkoutDetails: new Map(),
    challenges: new Map(),
    portalConfigurations: new Map(),
    portalSessions: new Map(),
    subscriptions: new Table(({ customer }) => customer),
    schedules: new Table(),
    trialReminders: new Map(),
    invoices: new Table(({ parent }) => parent?.subscription_details?.subscription),
    scheduleNotices: new Map(),
    pendingUpdates: new Map(),
    resumptions: new Map(),
    pendingLines: new Map(),
    invoiceItems: new Table(({ customer }) => customer),
    invoicePayments: new Table(({ invoice }) => invoice),
    creditNotes: new Table(({ invoice }) => invoice),
    dueNotices: new Map(),
    customerBalanceTransactions: new Table(({ customer }) => customer),
    coupons: new Map(),
    deletedCoupons: new Map(),
    promotionCodes: new Table(),
    discounts: new Table(),
    taxRates: new Map(),
    taxIds: new Table(({ customer }) => customer),
    refundTurns: new Table(),
    fraudWarnings: new Map(),
    paymentIntents: new Table(),
    charges: new Table(),
    refunds: new Table(),
    balanceTransactions: new Table(),
    debits: new Table(),
    disputes: new Table(),
    delayedPayments: new Table(),
    events: new EventLog(),
    testClocks: new Table(),
    endpoints: new Map(),
    cliSessions: new Map(),
    deliveries: new Table(({ event }) => event),
    idempotentAnswers: new Map(),
    faults: new Map(),
  };
}

/** A copy that shares nothing with `state`. */
export function cloneState(state: State): State {
  const copy = emptyState();
  for (const [name, table] of Object.entries(copy)) {
    const original: unknown = state[name as keyof State];
    if (table instanceof EventLog) {
      for (const event of state.events.values()) {
        table.add(copyOf(event));
      }
      continue;
    }
    if (!(table instanceof Map) || !(original instanceof Map)) {
      Object.assign(table, copyOf(original));
      continue;
    }
    for (const [id, value] of original) {
      table.set(id, copyOf(value));
    }
  }
  return copy;
}

/** Empties `state` in place, apart from the endpoints that the program configured. */
export function resetState(state: State): void {
  const configured = [...state.endpoints].filter(([, endpoint]) => endpoint.configured);
  for (const table of Object.values(state)) {
    if (table instanceof Map || table instanceof EventLog) {
      table.clear();
    }
  }
  state.clock.offsetMs = 0;
  Object.assign(state.delivery, FAITHFUL_DELIVERY);
  Object.assign(state.assumptions, likelyAssumptions());
  Object.assign(state.dunning, usualDunning());
  for (const [id, endpoint] of configured) {
    state.endpoints.set(id, endpoint);
  }
}
