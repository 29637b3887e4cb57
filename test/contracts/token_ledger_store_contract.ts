import type { TokenLedgerStore } from "../../src/application/ports/tokens/token_ledger_store.ts";
import { contract, expectPortError } from "./contract_subject.ts";
import { describeList } from "./token_ledger_store_list_contract.ts";
import { describeReading } from "./token_ledger_store_read_contract.ts";

/** The behaviours that every `TokenLedgerStore` has beside those of an `AppendableLedger`. */
export const tokenLedgerStoreContract = contract<TokenLedgerStore>(
  "as TokenLedgerStore",
  (current) => {
    describeList(current);
    describeReading(current);

    it("every method throws PortError when the database is out of reach", async () => {
      const { unreachable } = current();
      await expectPortError(unreachable.list("clacme0001", { limit: 1 }));
      await expectPortError(unreachable.listSupplies("clacme0001", { limit: 1 }));
      await expectPortError(unreachable.tenants({ limit: 1 }));
    });
  },
);
