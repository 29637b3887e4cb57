import { expect } from "chai";
import { HISTORIES } from "./histories.ts";

describe("histories of a tenant that spends everything at every moment (P24, P26, P36)", () => {
  for (const { name, paid, tokens, emails, plan, play } of HISTORIES) {
    it(`${name}: what was paid for can be used, and no more`, () => {
      const tenant = play();
      expect({
        paid: tenant.stripe.received,
        tokens: tenant.used.tokens,
        emails: tenant.used.emails,
        plan: tenant.plan,
      }).to.deep.equal({ paid, tokens, emails, plan });
    });
  }
});
