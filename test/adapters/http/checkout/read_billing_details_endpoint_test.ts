import { expect } from "chai";
import { PortError } from "../../../../src/application/ports/port_error.ts";
import { useService } from "../../../rig/service_rig.ts";
import { TENANT } from "../../../samples/account.ts";
import { sampleBillingDetails } from "../../../samples/checkout.ts";
import { token } from "../../../samples/http.ts";

const NOTHING = { name: null, email: null, address: null, taxIds: [], paymentMethod: null };

describe("GET /billing/details", () => {
  const service = useService();

  it("answers whom the next invoice will name, and what it will be charged to", async () => {
    await service.fixture.addCustomer();
    const { status, body } = await service.send("/billing/details");
    expect(status).to.equal(200);
    expect(body).to.deep.equal(sampleBillingDetails());
  });

  it("answers nothing where there is no customer", async () => {
    const { status, body } = await service.send("/billing/details");
    expect(status).to.equal(200);
    expect(body).to.deep.equal(NOTHING);
  });

  it("P35 every member may read them, and nobody another tenant's", async () => {
    await service.fixture.addCustomer();
    const tenants = [{ id: TENANT, role: "MEMBER" }];
    const headers = { Authorization: `Bearer ${token({ tenants })}` };
    const own = { headers: { ...headers, "X-Tenant-Id": TENANT } };
    const foreign = { headers: { ...headers, "X-Tenant-Id": "clother0001" } };
    expect((await service.send("/billing/details", own)).status).to.equal(200);
    expect((await service.send("/billing/details", foreign)).status).to.equal(403);
  });

  it("P34 answers 503 while the payment provider fails", async () => {
    await service.fixture.addCustomer();
    service.payments.failure = new PortError("Cannot read: secret inner detail", {
      transient: true,
    });
    const { status, text, headers } = await service.send("/billing/details");
    expect(status).to.equal(503);
    expect(headers.get("Retry-After")).to.match(/^\d+$/);
    expect(text).to.not.include("inner detail");
  });
});
