import type { TokenLedgerStore } from "../../src/application/ports/tokens/token_ledger_store.ts";
import { type ContractSubject, describeContract, expectPortError } from "./contract_subject.ts";
import { describeList } from "./token_ledger_store_list_contract.ts";
import { describeReading } from "./token_ledger_store_read_contract.ts";

/**
 * Declares the behaviours that every `TokenLedgerStore` has beside those of an `AppendableLedger`.
 *
 * @param name what is tested, as in `SqliteTokenLedgerStore in memory`
 */
export function tokenLedgerStoreContract(
  name: string,
  open: () => Promise<ContractSubject<TokenLedgerStore>>,
): void {
  describeContract(`${name} as TokenLedgerStore`, open, (current) => {
    describeList(current);
    describeReading(current);

    it("every method throws PortError when the database is out of reach", async () => {
      const { unreachable } = current();
      await expectPortError(unreachable.list("clacme0001", { limit: 1 }));
      await expectPortError(unreachable.listSupplies("clacme0001", { limit: 1 }));
      await expectPortError(unreachable.tenants({ limit: 1 }));
    });
  });
}
