import type { FieldChange } from "../catalog/field_change.ts";
import type { LedgerEntryKind, TokenBalance } from "../tokens/token_ledger.ts";

/** A subscription changed; ask billing for the current state. */
export interface SubscriptionNews {
  /** The account's revision after the change. */
  readonly revision: number;
  /** The changed fields of the subscription, as in the audit trail. */
  readonly changes: readonly FieldChange[];
}

/** How much of a month's e-mails is used. */
export interface QuotaNews {
  /** Instants are ISO 8601 in UTC, in process as over HTTP. */
  readonly periodStart: string;
  readonly periodEnd: string;
  /** E-mails of the month; `null` is unlimited. */
  readonly limit: number | null;
  readonly used: number;
  /** Of the limit, rounded down; `null` if unlimited. */
  readonly percentage: number | null;
}

/** The percentage at which the tenant wanted to be alerted. */
export interface QuotaAlertNews extends QuotaNews {
  readonly reached: number;
}

/** An entry of the token ledger, and the balance after it. */
export interface TokenNews {
  readonly seq: number;
  readonly kind: LedgerEntryKind;
  readonly amount: number;
  readonly available: number;
  readonly balance: TokenBalance;
  readonly source: string | null;
}

/** An automatic top-up was switched off: not paid, no longer sold, or followed by a refund. */
export interface TopUpStoppedNews {
  /** The ledger entry that it was to follow. */
  readonly seq: number;
  readonly packSlug: string;
  /** A code, such as `card_declined`. */
  readonly reason: string;
}

/** A case that needs an operator (P41). */
export interface AttentionNews {
  readonly attentionId: string;
  readonly kind: string;
  readonly subject: string;
  readonly message: string;
  readonly action: string;
}

/** The content of each type of notification. */
export interface NotificationData {
  readonly "subscription.activated": SubscriptionNews;
  readonly "subscription.changed": SubscriptionNews;
  readonly "subscription.ended": SubscriptionNews;
  readonly "payment.failed": SubscriptionNews;
  readonly "payment.recovered": SubscriptionNews;
  readonly "quota.warning": QuotaNews;
  readonly "quota.exceeded": QuotaNews;
  readonly "quota.reset": QuotaNews;
  readonly "quota.alert": QuotaAlertNews;
  readonly "tokens.granted": TokenNews;
  readonly "tokens.low": TokenNews;
  readonly "tokens.exhausted": TokenNews;
  readonly "tokens.top_up_stopped": TopUpStoppedNews;
  readonly "pack.bought": TokenNews;
  readonly "pack.refunded": TokenNews;
  readonly "attention.raised": AttentionNews;
  readonly "attention.resolved": AttentionNews;
}

/** What hosts and webhook endpoints can be told of. */
export type NotificationType = keyof NotificationData;

/** All of them. */
export const NOTIFICATION_TYPES = [
  "subscription.activated",
  "subscription.changed",
  "subscription.ended",
  "payment.failed",
  "payment.recovered",
  "quota.warning",
  "quota.exceeded",
  "quota.reset",
  "quota.alert",
  "tokens.granted",
  "tokens.low",
  "tokens.exhausted",
  "tokens.top_up_stopped",
  "pack.bought",
  "pack.refunded",
  "attention.raised",
  "attention.resolved",
] as const satisfies readonly NotificationType[];

/** A notification for hosts and webhook endpoints. */
export interface Notification<Type extends NotificationType = NotificationType> {
  /** Identifies the fact; a repeated notification has the same id. */
  readonly id: string;
  readonly type: Type;
  /** `null` if it concerns no tenant. */
  readonly tenantId: string | null;
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly data: NotificationData[Type];
}

/** A notification of any type, told apart by `type`. */
export type AnyNotification = { [Type in NotificationType]: Notification<Type> }[NotificationType];

/** The source of a notification. Notifications of one source and tenant are sent in order. */
export type NotificationSource = "account" | "tokens" | "topUps" | "emails" | "attention";

/** A notification with its source. */
export interface SourcedNotification {
  readonly source: NotificationSource;
  readonly notification: AnyNotification;
}

/** Builds a notification whose id follows from the fact. */
export function notificationOf<Type extends NotificationType>(
  type: Type,
  {
    fact,
    tenantId,
    at,
    data,
  }: { fact: string; at: Date } & Pick<Notification<Type>, "tenantId" | "data">,
): Notification<Type> {
  const id = `${type}:${tenantId ?? "-"}:${fact}`;
  return { id, type, tenantId, at: at.toISOString(), data };
}
