/**
 * For the tests of hosts and of adapters of their own: contract suites for stores, which any test
 * runner with `describe` and `it` runs; samples to build from; a clock that stands; and a Stripe that
 * runs in the test's own process.
 *
 * ```ts
 * import { describe, it } from "node:test";
 *
 * auditStoreContract("MyAuditStore", async () => ({ store, unreachable, close }), { describe, it });
 * ```
 *
 * @module
 */

export type { Sandbox, SandboxOptions, WebhookEndpointOptions } from "../../sandbox/mod.ts";
export { accountRecordStoreContract } from "../contracts/account_record_store_contract.ts";
export { accountStoreContract } from "../contracts/account_store_contract.ts";
export { appendableLedgerContract } from "../contracts/appendable_ledger_contract.ts";
export { attentionStoreContract } from "../contracts/attention_store_contract.ts";
export { auditStoreContract } from "../contracts/audit_store_contract.ts";
export { billingStoreContracts } from "../contracts/billing_store_contracts.ts";
export { catalogStoreContract } from "../contracts/catalog_store_contract.ts";
export { type Contract, type ContractSubject, subjectOf } from "../contracts/contract_subject.ts";
export { databaseTimeContract } from "../contracts/database_time_contract.ts";
export { deliveryStoreContract } from "../contracts/delivery_store_contract.ts";
export { emailLeaseStoreContract } from "../contracts/email_lease_store_contract.ts";
export { emailUsageStoreContract } from "../contracts/email_usage_store_contract.ts";
export { eventInboxContract } from "../contracts/event_inbox_contract.ts";
export { headFollowsContract } from "../contracts/ledger/head_follows_contract.ts";
export { ledgerHeadStoreContract } from "../contracts/ledger_head_store_contract.ts";
export { notificationRecordsContract } from "../contracts/notification_records_contract.ts";
export { requestCountStoreContract } from "../contracts/request_count_store_contract.ts";
export { storeTransferContract } from "../contracts/store_transfer_contract.ts";
export type { TestRunner } from "../contracts/test_runner.ts";
export { tokenLedgerStoreContract } from "../contracts/token_ledger_store_contract.ts";
export { tokenReservationStoreContract } from "../contracts/token_reservation_store_contract.ts";
export { topUpStoreContract } from "../contracts/top_up_store_contract.ts";
export { sampleAccount, sampleAuditEntry } from "../samples/account.ts";
export { sampleAttentionItem } from "../samples/attention.ts";
export { sampleCatalog, samplePlan } from "../samples/catalog.ts";
export { sampleEvent } from "../samples/events.ts";
export { sampleEntry } from "../samples/ledger.ts";
export { type FixedClock, fixedClock } from "./fixed_clock.ts";
export { startSandbox } from "./sandbox.ts";
