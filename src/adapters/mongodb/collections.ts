/** Names of the collections. */
export const COLLECTIONS = {
  accounts: "billing_accounts",
  customers: "billing_customers",
  attention: "attention_items",
  audit: "audit_entries",
  ledger: "ledger_entries",
  heads: "ledger_heads",
  reservations: "reservation_reminders",
  topUps: "top_ups",
  events: "stripe_events",
  catalog: "catalog",
  emailUsage: "email_usage",
  emailSends: "email_sends",
  notificationRecords: "notification_records",
  deliveries: "deliveries",
  requestCounts: "request_counts",
} as const;
