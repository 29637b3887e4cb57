import { expect } from "chai";
import { PortError } from "../../../../src/application/ports/port_error.ts";
import { useService } from "../../../rig/service_rig.ts";
import { fullAccount, TENANT } from "../../../samples/account.ts";
import { sampleInvoiceSummary } from "../../../samples/checkout.ts";
import { token } from "../../../samples/http.ts";

describe("GET /billing/invoices", () => {
  const service = useService();

  beforeEach(async () => {
    await service.store.accounts.save(
      fullAccount({ tenantId: TENANT, customerId: "cus_acme", revision: 0 }),
    );
    service.invoices.of.set("cus_acme", [
      sampleInvoiceSummary("in_2", {
        status: "open",
        processing: true,
        number: null,
        pdfUrl: null,
      }),
      sampleInvoiceSummary("in_1"),
    ]);
  });

  it("answers the tenant's invoices page by page, newest first", async () => {
    const first = await service.send("/billing/invoices?limit=1");
    expect(first.status).to.equal(200);
    expect(first.body).to.deep.equal({
      data: [
        {
          id: "in_2",
          number: null,
          date: "2026-03-01T00:00:00.000Z",
          amount: 2_900,
          currency: "eur",
          status: "open",
          processing: true,
          hostedUrl: "https://invoice.stripe.com/i/in_2",
          pdfUrl: null,
          billedTo: { name: "Acme", email: "billing@acme.example", address: null, taxIds: [] },
        },
      ],
      meta: { nextCursor: "in_2" },
    });
    const { body } = await service.send("/billing/invoices?limit=1&cursor=in_2");
    expect(body).to.have.nested.property("data[0].id", "in_1");
    expect(body).to.have.deep.property("meta", { nextCursor: null });
  });

  it("P35 every member may read them, and nobody another tenant's", async () => {
    const tenants = [{ id: TENANT, role: "MEMBER" }];
    const headers = { Authorization: `Bearer ${token({ tenants })}` };
    const own = { headers: { ...headers, "X-Tenant-Id": TENANT } };
    const foreign = { headers: { ...headers, "X-Tenant-Id": "clother0001" } };
    expect((await service.send("/billing/invoices", own)).status).to.equal(200);
    expect((await service.send("/billing/invoices", foreign)).status).to.equal(403);
  });

  it("refuses a limit or cursor that is none, and an invoice of others as a cursor", async () => {
    for (const query of ["limit=0", "limit=101", "cursor=ch_1", "cursor=in_9", "customer=cus_b"]) {
      const { status, body } = await service.send(`/billing/invoices?${query}`);
      expect(status, query).to.equal(400);
      expect(body.code, query).to.equal("invalid_query");
    }
  });

  it("answers 503 while the payment provider fails", async () => {
    service.invoices.failure = new PortError("Cannot list: secret inner detail", {
      transient: true,
    });
    const { status, text } = await service.send("/billing/invoices");
    expect(status).to.equal(503);
    expect(text).to.not.include("inner detail");
  });
});
