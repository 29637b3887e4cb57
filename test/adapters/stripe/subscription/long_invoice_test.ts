import { expect } from "chai";
import { connected } from "../connected.ts";
import { at, fixture, page } from "../fixture.ts";
import { useRecordedApi } from "../recorded_api.ts";

describe("StripeCustomerSnapshots: an invoice of many positions", () => {
  const api = useRecordedApi();
  const { snapshots } = connected();

  it("P24 is read whole where its embedded list is cut off", async () => {
    const invoice = fixture("invoice_endive");
    const line = { ...at(invoice, "lines", "data", 2), pricing: null };
    at(invoice, "lines").has_more = true;
    const lines = ["il_1", "il_2", "il_3", "il_4"].map((id) => ({ ...line, id }));
    api.answer("GET", "/v1/subscriptions", { body: page([]) });
    api.answer("GET", "/v1/customers/cus_QvAcme", { body: fixture("customer") });
    api.answer("GET", "/v1/invoices", { body: page([invoice]) });
    api.answer("GET", "/v1/invoices/in_1QvEndive/lines", { body: page(lines) });
    const { invoices } = await snapshots.read("cus_QvAcme");
    expect(invoices.map(({ lines: read }) => read.map(({ id }) => id))).to.deep.equal([
      ["il_1", "il_2", "il_3", "il_4"],
    ]);
    expect(api.requests.at(-1)?.query).to.deep.equal({ limit: "100" });
  });
});
