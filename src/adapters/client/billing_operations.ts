// Made from the API's document by `npm run docs`; a test compares them.

export type Alerts = {
  readonly emailPercentages: readonly number[];
  readonly tokensBelow: number | null;
};

export type AttentionItem = {
  readonly id: string;
  readonly kind: string;
  readonly tenantId: string | null;
  readonly subject: string;
  readonly since: string;
  readonly message: string;
  readonly action: string;
  readonly state?: "open" | "resolved" | "gone";
  readonly resolvedAt?: string | null;
  readonly resolvedBy?: string | null;
};

export type AuditEntry = {
  readonly revision: number;
  readonly at: string;
  readonly cause:
    | { readonly type: "event"; readonly eventId: string; readonly eventType: string }
    | { readonly type: "request"; readonly userId: string }
    | { readonly type: "reconciliation" }
    | { readonly type: "operator"; readonly name: string }
    | { readonly type: "service" };
  readonly before: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
};

export type AutoTopUp = {
  readonly enabled: boolean;
  readonly belowTokens: number | null;
  readonly packSlug: string | null;
  readonly maxPerMonth: number | null;
  readonly boughtThisMonth: number;
  readonly stopped: {
    readonly at: string;
    readonly packSlug: string;
    readonly reason: string;
  } | null;
};

export type BillingDetails = {
  readonly name: string | null;
  readonly email: string | null;
  readonly address: {
    readonly line1: string | null;
    readonly line2: string | null;
    readonly postalCode: string | null;
    readonly city: string | null;
    readonly state: string | null;
    readonly country: string | null;
  } | null;
  readonly taxIds: readonly {
    readonly type: string;
    readonly value: string;
    readonly status: "pending" | "verified" | "unverified" | "unavailable" | null;
  }[];
  readonly paymentMethod: {
    readonly brand: string;
    readonly last4: string | null;
    readonly expMonth: number | null;
    readonly expYear: number | null;
  } | null;
};

export type CheckoutPreview = {
  readonly planSlug: string;
  readonly interval: "month" | "year";
  readonly mode: "checkout" | "portal";
  readonly dueNow: number;
  readonly lines: readonly {
    readonly kind: "plan" | "unused_time" | "remaining_time" | "discount" | "other";
    readonly planSlug: string | null;
    readonly description: string;
    readonly amount: number;
  }[];
  readonly tax: number;
  readonly taxIncluded: number;
  readonly balanceApplied: number;
  readonly nextPayment: number;
  readonly nextPaymentAt: string;
  readonly currency: string;
  readonly trialDays: number | null;
  readonly effective: "now" | "period_end";
  readonly effectiveAt: string;
  readonly limits: readonly {
    readonly name: string;
    readonly now: number | null;
    readonly then: number | null;
    readonly used: number | null;
  }[];
  readonly tokens: { readonly left: number; readonly then: number };
};

export type CurrentTokenBalance = {
  readonly monthly: number;
  readonly packs: number;
  readonly debt: number;
  readonly reserved: number;
  readonly available: number;
  readonly monthlyExpiresAt: string;
};

export type Delivery = {
  readonly id: string;
  readonly type: string;
  readonly state: "waiting" | "done" | "dead";
  readonly attempts: number;
  readonly createdAt: string;
  readonly nextAttemptAt: string | null;
  readonly notification: unknown;
  readonly log: readonly {
    readonly at: string;
    readonly status: number | null;
    readonly error: string | null;
  }[];
};

export type EmailPeriod = {
  readonly start: string;
  readonly end: string;
  readonly limit: number | null;
  readonly used: number;
};

export type EmailQuota = {
  readonly limit: number | null;
  readonly used: number;
  readonly percentage: number | null;
  readonly warning: boolean;
  readonly ceiling: number | null;
  readonly resetsAt: string | null;
};

export type EndedAttentionItem = {
  readonly id: string;
  readonly kind: string;
  readonly tenantId: string | null;
  readonly subject: string;
  readonly since: string;
  readonly message: string;
  readonly action: string;
  readonly state: "open" | "resolved" | "gone";
  readonly resolvedAt: string | null;
  readonly resolvedBy: string | null;
};

export type EndedTenant = {
  readonly tenantId: string;
  readonly when: "now" | "period_end";
  readonly endsAt: string;
  readonly subscriptions: readonly string[];
  readonly checkouts: readonly string[];
  readonly refund: {
    readonly invoiceId: string;
    readonly amount: number;
    readonly currency: string;
    readonly refused: string | null;
  } | null;
  readonly redacted: "empty" | "delete" | null;
};

export type Error = {
  readonly statusCode: number;
  readonly message: string;
  readonly path: string;
  readonly timestamp: string;
  readonly code: string;
  readonly details?: readonly { readonly field: string; readonly message: string }[];
  readonly quota?: {
    readonly limit: number | null;
    readonly used: number;
    readonly percentage: number | null;
  };
  readonly upgrade?: { readonly planSlug: string } | null;
  readonly balance?: Readonly<Record<string, unknown>>;
  readonly limit?: {
    readonly of: string;
    readonly limit: number | null;
    readonly count: number;
    readonly over: number;
  };
  readonly invoiceUrl?: string | null;
  readonly effectiveAt?: string;
  readonly retryAt?: string | null;
};

export type Event = {
  readonly id: string;
  readonly type: string;
  readonly state: "dead" | "failed" | "unmatched" | "received" | "processing" | "ignored" | "done";
  readonly reason: string | null;
  readonly attempts: number;
  readonly createdAt: string;
  readonly receivedAt: string;
  readonly nextAttemptAt: string | null;
  readonly customerId: string | null;
  readonly connectedAccount: string | null;
  readonly livemode: boolean;
};

export type EventWithPayload = {
  readonly id: string;
  readonly type: string;
  readonly state: "dead" | "failed" | "unmatched" | "received" | "processing" | "ignored" | "done";
  readonly reason: string | null;
  readonly attempts: number;
  readonly createdAt: string;
  readonly receivedAt: string;
  readonly nextAttemptAt: string | null;
  readonly customerId: string | null;
  readonly connectedAccount: string | null;
  readonly livemode: boolean;
  readonly payload: unknown;
};

export type Invoice = {
  readonly id: string;
  readonly number: string | null;
  readonly date: string;
  readonly amount: number;
  readonly currency: string;
  readonly status: "open" | "paid" | "uncollectible" | "void";
  readonly processing: boolean;
  readonly hostedUrl: string | null;
  readonly pdfUrl: string | null;
  readonly billedTo: {
    readonly name: string | null;
    readonly email: string | null;
    readonly address: {
      readonly line1: string | null;
      readonly line2: string | null;
      readonly postalCode: string | null;
      readonly city: string | null;
      readonly state: string | null;
      readonly country: string | null;
    } | null;
    readonly taxIds: readonly string[];
  };
};

export type LedgerEntry = {
  readonly seq: number;
  readonly key: string;
  readonly kind:
    | "grant"
    | "expire"
    | "pack"
    | "debit"
    | "reserve"
    | "commit"
    | "release"
    | "reversal"
    | "adjustment";
  readonly amount: number;
  readonly expired: number;
  readonly monthly: number;
  readonly packs: number;
  readonly debt: number;
  readonly reserved: number;
  readonly reason: string | null;
  readonly source: string | null;
  readonly at: string;
};

export type LimitCheck = {
  readonly limit: number | null;
  readonly count: number;
  readonly allowed: boolean;
  readonly over: number;
  readonly upgrade: { readonly planSlug: string } | null;
};

export type NewWebhookEndpoint = {
  readonly id: string;
  readonly url: string;
  readonly events: readonly (
    | "subscription.activated"
    | "subscription.changed"
    | "subscription.ended"
    | "payment.failed"
    | "payment.recovered"
    | "quota.warning"
    | "quota.exceeded"
    | "quota.reset"
    | "quota.alert"
    | "tokens.granted"
    | "tokens.low"
    | "tokens.exhausted"
    | "tokens.top_up_stopped"
    | "pack.bought"
    | "pack.refunded"
    | "attention.raised"
    | "attention.resolved"
  )[];
  readonly createdAt: string;
  readonly secrets: number;
  readonly secret: string;
};

export type PackCheckout = {
  readonly packSlug: string;
  readonly successUrl: string;
  readonly cancelUrl: string;
};

export type Plan = {
  readonly slug: string;
  readonly name: string;
  readonly rank: number;
  readonly prices: readonly {
    readonly interval: "month" | "year";
    readonly amount: number;
    readonly currency: string;
    readonly stripePriceId: string;
    readonly tax: "exclusive" | "inclusive" | null;
  }[];
  readonly monthlyEmailLimit: number | null;
  readonly tokensIncludedMonth: number;
  readonly maxDomains: number | null;
  readonly maxMembers: number | null;
  readonly maxTemplates: number | null;
};

export type PlanCheckout = {
  readonly planSlug: string;
  readonly interval?: "month" | "year";
  readonly successUrl: string;
  readonly cancelUrl: string;
};

export type Subscription = {
  readonly planSlug: string | null;
  readonly effectivePlanSlug: string;
  readonly reason:
    | "not_subscribed"
    | "first_payment_owed"
    | "change_owed"
    | "no_plan_item"
    | "renewal_in_grace"
    | "renewal_overdue"
    | "in_good_standing";
  readonly status:
    | "incomplete"
    | "incomplete_expired"
    | "trialing"
    | "active"
    | "past_due"
    | "canceled"
    | "unpaid"
    | "paused";
  readonly ended: {
    readonly planSlug: string | null;
    readonly at: string;
    readonly reason: "payment_failed" | "payment_disputed" | "cancellation_requested" | null;
  } | null;
  readonly tenantEnd: { readonly at: string; readonly isOver: boolean } | null;
  readonly resumable: boolean;
  readonly interval: "month" | "year" | null;
  readonly currentPeriodStart: string;
  readonly currentPeriodEnd: string;
  readonly cancelAt: string | null;
  readonly trialEnd: string | null;
  readonly graceEndsAt: string | null;
  readonly scheduledChange: {
    readonly planSlug: string | null;
    readonly interval: "month" | "year" | null;
    readonly effectiveAt: string;
  } | null;
  readonly owed: {
    readonly amount: number;
    readonly currency: string;
    readonly dueAt: string | null;
    readonly invoiceUrl: string | null;
    readonly invoiceAmount: number;
  } | null;
  readonly dueLater: {
    readonly amount: number;
    readonly currency: string;
    readonly dueAt: string | null;
    readonly invoiceUrl: string | null;
    readonly invoiceAmount: number;
  } | null;
  readonly processing: { readonly amount: number; readonly currency: string } | null;
  readonly paymentMethod: {
    readonly brand: string;
    readonly last4: string | null;
    readonly expMonth: number | null;
    readonly expYear: number | null;
  } | null;
  readonly nextInvoice: {
    readonly amount: number;
    readonly currency: string;
    readonly at: string;
  } | null;
  readonly limits: {
    readonly monthlyEmailLimit: number | null;
    readonly tokensIncludedMonth: number;
    readonly maxDomains: number | null;
    readonly maxMembers: number | null;
    readonly maxTemplates: number | null;
  };
  readonly usage: { readonly emails: EmailQuota };
  readonly tokens: CurrentTokenBalance;
  readonly upgrade: {
    readonly planSlug: string;
    readonly reasons: readonly ("emails_over_80_percent" | "tokens_over_80_percent")[];
  } | null;
  readonly nextPlanSlug: string | null;
  readonly mayPay: boolean;
};

export type TokenBalance = {
  readonly monthly: number;
  readonly packs: number;
  readonly debt: number;
  readonly reserved: number;
  readonly available: number;
};

export type TokenPack = {
  readonly slug: string;
  readonly name: string;
  readonly tokens: number;
  readonly amount: number;
  readonly currency: string;
  readonly stripePriceId: string;
  readonly tax: "exclusive" | "inclusive" | null;
};

export type TokenPeriod = {
  readonly start: string;
  readonly end: string;
  readonly granted: number;
  readonly used: number;
  readonly usedPacks: number;
  readonly bought: number;
};

export type WebhookEndpoint = {
  readonly id: string;
  readonly url: string;
  readonly events: readonly (
    | "subscription.activated"
    | "subscription.changed"
    | "subscription.ended"
    | "payment.failed"
    | "payment.recovered"
    | "quota.warning"
    | "quota.exceeded"
    | "quota.reset"
    | "quota.alert"
    | "tokens.granted"
    | "tokens.low"
    | "tokens.exhausted"
    | "tokens.top_up_stopped"
    | "pack.bought"
    | "pack.refunded"
    | "attention.raised"
    | "attention.resolved"
  )[];
  readonly createdAt: string;
  readonly secrets: number;
};

/** Every operation of the service, by method and path: what it takes and what it answers. */
export interface BillingOperations {
  /** What somebody has to look at, what began last first */
  "GET /billing/attention": {
    readonly input: {
      readonly query?: {
        readonly tenantId?: string | undefined;
        readonly all?: "true" | "false" | undefined;
        readonly limit?: number | undefined;
        readonly cursor?: string | undefined;
      };
    };
    readonly answer: {
      readonly data: readonly AttentionItem[];
      readonly meta: { readonly nextCursor: string | null };
    };
  };
  /** Takes an item off the list that was dealt with */
  "POST /billing/attention/{id}/resolve": {
    readonly input: {
      readonly params: { readonly id: string };
      readonly body?: Readonly<Record<string, never>>;
    };
    readonly answer: EndedAttentionItem;
  };
  /** What changed in the tenant's account and why, the last change first */
  "GET /billing/audit": {
    readonly input: {
      readonly tenantId: string;
      readonly query?: {
        readonly limit?: number | undefined;
        readonly cursor?: string | undefined;
      };
    };
    readonly answer: {
      readonly data: readonly AuditEntry[];
      readonly meta: { readonly nextCursor: string | null };
    };
  };
  /** Plans on offer, lowest rank first */
  "GET /billing/plans": {
    readonly input: object;
    readonly answer: { readonly data: readonly Plan[] };
  };
  /** AI tokens that can be bought beside a plan */
  "GET /billing/token-packs": {
    readonly input: object;
    readonly answer: { readonly data: readonly TokenPack[] };
  };
  /** Sends the tenant to Stripe, to pay for a plan or a token pack, or to change plans */
  "POST /billing/checkout": {
    readonly input: { readonly tenantId: string; readonly body: PackCheckout | PlanCheckout };
    readonly answer:
      | { readonly url: string; readonly mode: "checkout" }
      | {
          readonly url: string;
          readonly mode: "portal";
          readonly purpose:
            | "confirm_change"
            | "pay_invoice"
            | "fix_payment"
            | "keep_subscription"
            | "review_scheduled_change"
            | "resumed";
          readonly effective?: "now" | "period_end";
          readonly effectiveAt?: string;
        };
  };
  /** What choosing a plan would cost, and when it would take effect */
  "GET /billing/checkout/preview": {
    readonly input: {
      readonly tenantId: string;
      readonly query: {
        readonly planSlug: string;
        readonly interval?: "month" | "year" | undefined;
      };
    };
    readonly answer: CheckoutPreview;
  };
  /** Sends the tenant to Stripe's Customer Portal */
  "POST /billing/portal": {
    readonly input: {
      readonly tenantId: string;
      readonly body?: {
        readonly returnUrl?: string;
        readonly flow?: "payment_method_update" | "subscription_cancel";
      };
    };
    readonly answer: { readonly url: string };
  };
  /** Lets a paused subscription go on */
  "POST /billing/subscription/resume": {
    readonly input: { readonly tenantId: string };
    readonly answer:
      | {
          readonly status:
            | "incomplete"
            | "incomplete_expired"
            | "trialing"
            | "active"
            | "past_due"
            | "canceled"
            | "unpaid"
            | "paused";
        }
      | { readonly url: string };
  };
  /** Whom the tenant's next invoice will name, and what it will be charged to */
  "GET /billing/details": {
    readonly input: { readonly tenantId: string };
    readonly answer: BillingDetails;
  };
  /** What the tenant was charged, newest first */
  "GET /billing/invoices": {
    readonly input: {
      readonly tenantId: string;
      readonly query?: {
        readonly limit?: number | undefined;
        readonly cursor?: string | undefined;
      };
    };
    readonly answer: {
      readonly data: readonly Invoice[];
      readonly meta: { readonly nextCursor: string | null };
    };
  };
  /** The event inbox, what came last first */
  "GET /billing/events": {
    readonly input: {
      readonly query?: {
        readonly state?:
          | "dead"
          | "failed"
          | "unmatched"
          | "received"
          | "processing"
          | "ignored"
          | "done"
          | undefined;
        readonly type?: string | undefined;
        readonly limit?: number | undefined;
        readonly cursor?: string | undefined;
      };
    };
    readonly answer: {
      readonly data: readonly Event[];
      readonly meta: { readonly nextCursor: string | null };
    };
  };
  /** One event, with what Stripe sent */
  "GET /billing/events/{id}": {
    readonly input: { readonly params: { readonly id: string } };
    readonly answer: EventWithPayload;
  };
  /** Runs an event again, whatever became of it before */
  "POST /billing/events/{id}/replay": {
    readonly input: {
      readonly params: { readonly id: string };
      readonly body?: Readonly<Record<string, never>>;
    };
    readonly answer: Event;
  };
  /** What the tenant wants to be told of before it runs out */
  "GET /billing/alerts": { readonly input: { readonly tenantId: string }; readonly answer: Alerts };
  /** Sets what the tenant wants to be told of */
  "PUT /billing/alerts": {
    readonly input: {
      readonly tenantId: string;
      readonly body: {
        readonly emailPercentages: readonly number[];
        readonly tokensBelow: number | null;
      };
    };
    readonly answer: Alerts;
  };
  /** All webhook endpoints, without their secrets */
  "GET /billing/webhook-endpoints": {
    readonly input: object;
    readonly answer: { readonly data: readonly WebhookEndpoint[] };
  };
  /** Adds a webhook endpoint; its secret is told this once */
  "POST /billing/webhook-endpoints": {
    readonly input: {
      readonly body: {
        readonly url: string;
        readonly events: readonly (
          | "subscription.activated"
          | "subscription.changed"
          | "subscription.ended"
          | "payment.failed"
          | "payment.recovered"
          | "quota.warning"
          | "quota.exceeded"
          | "quota.reset"
          | "quota.alert"
          | "tokens.granted"
          | "tokens.low"
          | "tokens.exhausted"
          | "tokens.top_up_stopped"
          | "pack.bought"
          | "pack.refunded"
          | "attention.raised"
          | "attention.resolved"
        )[];
      };
    };
    readonly answer: NewWebhookEndpoint;
  };
  /** Nothing is sent to the webhook endpoint any more */
  "DELETE /billing/webhook-endpoints/{id}": {
    readonly input: { readonly params: { readonly id: string } };
    readonly answer: { readonly id: string; readonly removed: true };
  };
  /** Another secret, beside the one before it */
  "POST /billing/webhook-endpoints/{id}/secret": {
    readonly input: {
      readonly params: { readonly id: string };
      readonly body?: Readonly<Record<string, never>>;
    };
    readonly answer: NewWebhookEndpoint;
  };
  /** The deliveries to a webhook endpoint, newest first */
  "GET /billing/webhook-endpoints/{id}/deliveries": {
    readonly input: {
      readonly params: { readonly id: string };
      readonly query?: {
        readonly limit?: number | undefined;
        readonly cursor?: string | undefined;
      };
    };
    readonly answer: {
      readonly data: readonly Delivery[];
      readonly meta: { readonly nextCursor: string | null };
    };
  };
  /** Makes a delivery again */
  "POST /billing/webhook-endpoints/{id}/deliveries/{delivery}/replay": {
    readonly input: {
      readonly params: { readonly id: string; readonly delivery: string };
      readonly body?: Readonly<Record<string, never>>;
    };
    readonly answer: Delivery;
  };
  /** Counts e-mails before they are sent */
  "POST /billing/usage/emails": {
    readonly input: {
      readonly tenantId: string;
      readonly body: { readonly count: number; readonly key?: string };
    };
    readonly answer: { readonly quota: EmailQuota | null; readonly repeated: boolean };
  };
  /** Gives e-mails back that were counted, but not sent */
  "DELETE /billing/usage/emails/{key}": {
    readonly input: { readonly tenantId: string; readonly params: { readonly key: string } };
    readonly answer: { readonly released: true; readonly repeated: boolean };
  };
  /** Whether the tenant's plan allows so many of something countable */
  "GET /billing/limits/{name}": {
    readonly input: {
      readonly tenantId: string;
      readonly params: { readonly name: string };
      readonly query: { readonly count: number };
    };
    readonly answer: LimitCheck;
  };
  /** E-mails counted in the months of two years, the running one last */
  "GET /billing/usage/emails/periods": {
    readonly input: { readonly tenantId: string };
    readonly answer: { readonly data: readonly EmailPeriod[] };
  };
  /** The tenant's plan, its limits, its usage and its tokens */
  "GET /billing/subscription": {
    readonly input: { readonly tenantId: string };
    readonly answer: Subscription;
  };
  /** Ends a tenant: it sends, spends and buys nothing any more; repeating it is harmless */
  "DELETE /billing/tenants/{id}": {
    readonly input: {
      readonly params: { readonly id: string };
      readonly query?: {
        readonly when?: "now" | "period_end" | undefined;
        readonly refund?: "true" | "false" | undefined;
        readonly redact?: "empty" | "delete" | "true" | "false" | undefined;
      };
    };
    readonly answer: EndedTenant;
  };
  /** The tenant's AI tokens, and the ledger they follow from, newest entry first */
  "GET /billing/tokens": {
    readonly input: {
      readonly tenantId: string;
      readonly query?: {
        readonly limit?: number | undefined;
        readonly cursor?: string | undefined;
      };
    };
    readonly answer: {
      readonly balance: CurrentTokenBalance;
      readonly data: readonly LedgerEntry[];
      readonly meta: { readonly nextCursor: string | null };
    };
  };
  /** AI tokens granted, bought and used in the last months, newest first */
  "GET /billing/tokens/periods": {
    readonly input: {
      readonly tenantId: string;
      readonly query?: { readonly limit?: number | undefined };
    };
    readonly answer: { readonly data: readonly TokenPeriod[] };
  };
  /** When token packs are bought by themselves, how many were, and what stopped it */
  "GET /billing/auto-top-up": {
    readonly input: { readonly tenantId: string };
    readonly answer: AutoTopUp;
  };
  /** Buys a pack by the stored card when few tokens are left, up to a number a month */
  "PUT /billing/auto-top-up": {
    readonly input: {
      readonly tenantId: string;
      readonly body: {
        readonly enabled: boolean;
        readonly belowTokens: number;
        readonly packSlug: string;
        readonly maxPerMonth: number;
      };
    };
    readonly answer: AutoTopUp;
  };
  /** Spends AI tokens */
  "POST /billing/tokens/debits": {
    readonly input: {
      readonly tenantId: string;
      readonly body: { readonly key: string; readonly amount: number; readonly reason?: string };
    };
    readonly answer: {
      readonly key: string;
      readonly amount: number;
      readonly balance: TokenBalance;
    };
  };
  /** Sets AI tokens aside before a use of unknown cost */
  "POST /billing/tokens/reservations": {
    readonly input: {
      readonly tenantId: string;
      readonly body: {
        readonly key: string;
        readonly amount: number;
        readonly expiresInSeconds?: number;
        readonly reason?: string;
      };
    };
    readonly answer: {
      readonly key: string;
      readonly amount: number;
      readonly expiresAt: string | null;
      readonly balance: TokenBalance;
    };
  };
  /** Takes what a use has cost; the rest of the reservation comes back */
  "POST /billing/tokens/reservations/{key}/commit": {
    readonly input: {
      readonly tenantId: string;
      readonly params: { readonly key: string };
      readonly body: { readonly amount: number };
    };
    readonly answer: {
      readonly key: string;
      readonly used: number;
      readonly returned: number;
      readonly expired: number;
      readonly balance: TokenBalance;
    };
  };
  /** Gives all tokens of a reservation back */
  "POST /billing/tokens/reservations/{key}/release": {
    readonly input: { readonly tenantId: string; readonly params: { readonly key: string } };
    readonly answer: {
      readonly key: string;
      readonly used: number;
      readonly returned: number;
      readonly expired: number;
      readonly balance: TokenBalance;
    };
  };
}
