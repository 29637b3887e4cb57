import { expect } from "chai";
import { billingEndpoints } from "../../../src/adapters/http/billing_router.ts";
import { healthEndpoints } from "../../../src/adapters/http/health_endpoint.ts";
import { createLogger } from "../../../src/kit/logger.ts";
import { useBilling } from "../../rig/billing_fixture.ts";

describe("the schemas of endpoints", () => {
  const fixture = useBilling();

  it("compile, every one: they are compiled with the first request, too late for a mistake", () => {
    const { billing } = fixture;
    const endpoints = [
      ...billingEndpoints({ billing, logger: createLogger({ level: "silent" }) }),
      ...healthEndpoints(billing, () => false),
    ];
    const inputs = endpoints.flatMap(({ path, params, body, query }) =>
      [params, body, query].flatMap((input) => (input === undefined ? [] : { path, input })),
    );
    expect(inputs.length).to.be.greaterThan(20);
    for (const { path, input } of inputs) {
      expect(input.check(Symbol.for("no JSON")).ok, path).to.equal(false);
    }
  });
});
