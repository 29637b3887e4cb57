import { expect } from "chai";
import { countableLimits } from "../../../../src/domain/catalog/plan_limits.ts";
import { startTestService } from "../../../rig/service_rig.ts";
import { useShared } from "../../../rig/use_fresh.ts";
import { token } from "../../../samples/http.ts";

describe("GET /billing/plans", () => {
  const service = useShared(() => startTestService());

  it("lists active plans by rank, with their limits and Stripe prices", async () => {
    const { status, body } = await service.send("/billing/plans");
    expect(status).to.equal(200);
    expect(body).to.have.keys("data");
    expect(body.data).to.have.length(3);
    expect(body).to.have.nested.property("data[0].slug", "free");
    expect(body).to.have.nested.property("data[1].slug", "starter");
    expect(body).to.have.deep.nested.property("data[2]", {
      slug: "pro",
      name: "PRO",
      rank: 2,
      prices: [
        {
          interval: "month",
          amount: 4900,
          currency: "eur",
          stripePriceId: "price_pro_month",
          tax: null,
        },
      ],
      monthlyEmailLimit: 300,
      tokensIncludedMonth: 2000,
      ...countableLimits(() => 3),
      maxMembers: null,
    });
  });

  it("needs a token but no tenant", async () => {
    const headers = { Authorization: `Bearer ${token({ tenants: undefined })}` };
    expect((await service.send("/billing/plans", { headers })).status).to.equal(200);
    expect((await service.send("/billing/plans", { headers: {} })).status).to.equal(401);
  });

  it("answers HEAD without a body", async () => {
    const { status, text } = await service.send("/billing/plans", { method: "HEAD" });
    expect([status, text]).to.deep.equal([200, ""]);
  });

  it("answers 503 before the catalogue was synchronised", async () => {
    const empty = await startTestService({ catalog: null });
    const { status, body, headers } = await empty.send("/billing/plans");
    await empty.close();
    expect(status).to.equal(503);
    expect(body.code).to.equal("temporarily_unavailable");
    expect(headers.get("Retry-After")).to.equal("5");
  });
});
