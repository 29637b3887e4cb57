import type { TokenLedgerStore } from "../../src/application/ports/tokens/token_ledger_store.ts";
import { contract, outOfReach } from "./contract_subject.ts";
import { describeList } from "./token_ledger_store_list_contract.ts";
import { describeReading } from "./token_ledger_store_read_contract.ts";

/** The behaviours that every `TokenLedgerStore` has beside those of an `AppendableLedger`. */
export const tokenLedgerStoreContract = contract<TokenLedgerStore>(
  "as TokenLedgerStore",
  describeList,
  describeReading,
  outOfReach((unreachable) => [
    unreachable.list("clacme0001", { limit: 1 }),
    unreachable.listSupplies("clacme0001", { limit: 1 }),
    unreachable.tenants({ limit: 1 }),
  ]),
);
