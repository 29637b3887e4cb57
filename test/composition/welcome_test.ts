import { expect } from "chai";
import { formatWelcome } from "../../src/composition/welcome.ts";

const WELCOME = {
  url: "http://127.0.0.1:3000",
  sandboxUrl: "http://127.0.0.1:12111",
  tenantId: "cldemo0001",
  token: "header.payload.signature",
  signInUrl: "http://127.0.0.1:3000/dashboard/sign-in?code=once",
  returnUrl: "http://127.0.0.1:12111/",
};

describe("formatWelcome", () => {
  it("prints addresses, tenant, token and the commands of the flow, which pay by themselves", () => {
    const text = formatWelcome(WELCOME);
    const commands = text.split("\n").filter((line) => /^ +(PAY=\$\()?curl /.test(line));
    expect(commands.map((line) => /\/billing\/\w+|\$PAY/.exec(line)?.[0])).to.deep.equal([
      "/billing/plans",
      "/billing/checkout",
      "$PAY",
      "/billing/subscription",
      "/billing/portal",
    ]);
    expect(text).to.include("without a browser");
    expect(text).to.include("export TOKEN=header.payload.signature TENANT=cldemo0001");
    expect(text).to.include("http://127.0.0.1:12111 (sandbox)");
  });

  it("begins with the link that opens the Billing page signed in, where there is one", () => {
    const [, title, link = ""] = formatWelcome(WELCOME).trim().split("\n\n");
    expect(title).to.equal("Open the Billing page, signed in:");
    expect(link.trim().split("\n")[0]).to.equal(WELCOME.signInUrl);
    expect(formatWelcome({ ...WELCOME, signInUrl: null })).not.to.include("sign-in");
  });

  it("names Stripe instead of the sandbox where there is none", () => {
    const text = formatWelcome({ ...WELCOME, sandboxUrl: null });
    expect(text).to.include("the test mode of your account");
    expect(text).not.to.include("without a browser");
    expect(text).not.to.include("sandbox");
  });
});
