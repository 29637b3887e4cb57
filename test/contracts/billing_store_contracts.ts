import type { BillingStore } from "../../src/application/ports/billing_store.ts";
import { accountRecordStoreContract } from "./account_record_store_contract.ts";
import { accountStoreContract } from "./account_store_contract.ts";
import { appendableLedgerContract } from "./appendable_ledger_contract.ts";
import { attentionStoreContract } from "./attention_store_contract.ts";
import { auditStoreContract } from "./audit_store_contract.ts";
import { catalogStoreContract } from "./catalog_store_contract.ts";
import { type ContractSubject, subjectOf } from "./contract_subject.ts";
import { databaseTimeContract } from "./database_time_contract.ts";
import { deliveryStoreContract } from "./delivery_store_contract.ts";
import { eventInboxContract } from "./event_inbox_contract.ts";
import { headFollowsContract } from "./ledger/head_follows_contract.ts";
import { ledgerHeadStoreContract } from "./ledger_head_store_contract.ts";
import { notificationRecordsContract } from "./notification_records_contract.ts";
import { requestCountStoreContract } from "./request_count_store_contract.ts";
import type { TestRunner } from "./test_runner.ts";
import { tokenLedgerStoreContract } from "./token_ledger_store_contract.ts";
import { tokenReservationStoreContract } from "./token_reservation_store_contract.ts";
import { topUpStoreContract } from "./top_up_store_contract.ts";

type Part =
  | "accounts"
  | "attention"
  | "audit"
  | "ledger"
  | "ledgerHeads"
  | "reservations"
  | "topUps"
  | "inbox"
  | "catalog"
  | "notificationRecords"
  | "deliveries"
  | "requestCounts";

/**
 * Declares what every part of a `BillingStore` has to keep, counting e-mails excepted.
 *
 * @param technology how its classes' names begin, as `Sqlite`
 * @param where what distinguishes this store from others of its kind, as `in memory`
 */
export function billingStoreContracts(
  technology: string,
  where: string,
  open: () => Promise<ContractSubject<BillingStore>>,
  runner?: TestRunner,
): void {
  const part = <Key extends Part>(key: Key) => subjectOf(open, (store) => store[key]);
  const named = (noun: string) => `${technology}${noun} ${where}`;

  databaseTimeContract(named("Store"), open, runner);
  accountStoreContract(named("AccountStore"), part("accounts"), runner);
  accountRecordStoreContract(named("AccountStore"), part("accounts"), runner);
  attentionStoreContract(named("AttentionStore"), part("attention"), runner);
  auditStoreContract(named("AuditStore"), part("audit"), runner);
  appendableLedgerContract(named("TokenLedgerStore"), part("ledger"), runner);
  tokenLedgerStoreContract(named("TokenLedgerStore"), part("ledger"), runner);
  ledgerHeadStoreContract(named("LedgerHeadStore"), part("ledgerHeads"), runner);
  headFollowsContract(named("Store"), open, runner);
  tokenReservationStoreContract(named("TokenReservationStore"), part("reservations"), runner);
  topUpStoreContract(named("TopUpStore"), part("topUps"), runner);
  eventInboxContract(named("EventInbox"), part("inbox"), runner);
  catalogStoreContract(named("CatalogStore"), part("catalog"), runner);
  notificationRecordsContract(named("NotificationRecords"), part("notificationRecords"), runner);
  deliveryStoreContract(named("DeliveryStore"), part("deliveries"), runner);
  requestCountStoreContract(named("RequestCountStore"), part("requestCounts"), runner);
}
