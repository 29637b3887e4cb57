import { type Assumptions, likelyAssumptions } from "./assumptions.ts";
import type { MeterReading, PriceDetails, UsageMark } from "./catalog_records.ts";
import type { CheckoutDetails, EnteredCard } from "./checkout_details.ts";
import {
  type Delivery,
  type DeliverySettings,
  type EndpointRecord,
  FAITHFUL_DELIVERY,
} from "./delivery.ts";
import { type DunningSettings, usualDunning } from "./dunning_settings.ts";
import { EventLog } from "./event_log.ts";
import type { Debit, DelayedPayment } from "./payment_records.ts";
import type { CliSession, Fault, IdempotentAnswer } from "./request_records.ts";
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
} from "./wire.ts";

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
  /** Owned by the subscription that they bill, and by their customer. */
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
    cards: new Table(({ customer }) => [customer]),
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
    subscriptions: new Table(({ customer }) => [customer]),
    schedules: new Table(),
    trialReminders: new Map(),
    invoices: new Table(({ customer, parent }) => [
      parent?.subscription_details?.subscription,
      customer,
    ]),
    scheduleNotices: new Map(),
    pendingUpdates: new Map(),
    resumptions: new Map(),
    pendingLines: new Map(),
    invoiceItems: new Table(({ customer }) => [customer]),
    invoicePayments: new Table(({ invoice }) => [invoice]),
    creditNotes: new Table(({ invoice }) => [invoice]),
    dueNotices: new Map(),
    customerBalanceTransactions: new Table(({ customer }) => [customer]),
    coupons: new Map(),
    deletedCoupons: new Map(),
    promotionCodes: new Table(),
    discounts: new Table(),
    taxRates: new Map(),
    taxIds: new Table(({ customer }) => [customer]),
    refundTurns: new Table(),
    fraudWarnings: new Map(),
    paymentIntents: new Table(),
    charges: new Table(),
    refunds: new Table(({ charge }) => [charge]),
    balanceTransactions: new Table(),
    debits: new Table(),
    disputes: new Table(),
    delayedPayments: new Table(),
    events: new EventLog(),
    testClocks: new Table(),
    endpoints: new Map(),
    cliSessions: new Map(),
    deliveries: new Table(({ event }) => [event]),
    idempotentAnswers: new Map(),
    faults: new Map(),
  };
}
