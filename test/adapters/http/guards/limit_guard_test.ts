import { expect } from "chai";
import { limitGuard } from "../../../../src/adapters/http/guards/express_guards.ts";
import {
  checkedLimit,
  type LimitBilling,
} from "../../../../src/adapters/http/guards/limit_guard.ts";
import { PortError } from "../../../../src/application/ports/port_error.ts";
import { useBilling } from "../../../rig/billing_fixture.ts";
import { TENANT } from "../../../samples/account.ts";
import { useGuardedHosts } from "./guarded_host.ts";

describe("limitGuard", () => {
  const fixture = useBilling();
  const start = useGuardedHosts();

  function guard(domains: readonly string[], billing: LimitBilling = fixture.billing) {
    return limitGuard(billing, {
      of: "domains",
      count: async () => domains.length + 1,
      tenant: () => TENANT,
    });
  }

  it("P45 lets a handler run while the plan allows one more, and refuses the next", async () => {
    const domains: string[] = [];
    const host = await start(guard(domains));
    host.handler = (request, response) => {
      domains.push("example.com");
      response.status(201).json({ limit: checkedLimit(request)?.limit });
    };
    const first = await host.post();
    expect([first.status, first.body]).to.deep.equal([201, { limit: 1 }]);
    const { status, body } = await host.post();
    const { timestamp, ...shown } = body;
    expect([status, timestamp]).to.deep.equal([422, body.timestamp]);
    expect(shown).to.deep.equal({
      statusCode: 422,
      message: "Your plan allows 1 domains, and this would make 2: upgrade your plan to have more",
      path: "/things",
      code: "plan_limit_reached",
      limit: { of: "domains", limit: 1, count: 2, over: 1 },
      upgrade: { planSlug: "starter" },
    });
    expect(domains).to.have.length(1);
  });

  it("P34 answers 503 while the store fails, and leaves a senseless count to the host", async () => {
    const fails = { execute: () => Promise.reject(new PortError("store", { transient: true })) };
    const failing = await start(guard([], { checkLimit: fails }));
    expect((await failing.post()).status).to.equal(503);
    const wrong = await start(
      limitGuard(fixture.billing, { of: "domains", count: () => -1, tenant: () => TENANT }),
    );
    expect((await wrong.post()).status).to.equal(500);
    expect(wrong.errors).to.have.length(1);
    expect(wrong.errors[0]).to.be.instanceOf(RangeError);
  });
});
