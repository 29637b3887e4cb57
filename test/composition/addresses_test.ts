import { expect } from "chai";
import { dashboardUrl, localServiceUrl, redirectOrigins } from "../../src/composition/addresses.ts";
import { parseSettings, type Settings } from "../../src/composition/settings.ts";

const SERVICE = { serviceUrl: "http://127.0.0.1:3000", sandboxUrl: null };

function settingsOf(env: Record<string, string>): Settings {
  const parsed = parseSettings(env);
  return parsed.ok ? parsed.settings : expect.fail(parsed.problems.join());
}

describe("addresses", () => {
  it("P20 return to the dashboard that is set, else to the service's own page", () => {
    const own = "/dashboard/billing";
    expect(dashboardUrl(settingsOf({}), SERVICE.serviceUrl)).to.equal(
      `${SERVICE.serviceUrl}${own}`,
    );
    const PUBLIC_URL = "https://billing.example.com/";
    expect(dashboardUrl(settingsOf({ PUBLIC_URL }), SERVICE.serviceUrl)).to.equal(
      `https://billing.example.com${own}`,
    );
    const DASHBOARD_URL = "https://app.example.com/b";
    expect(dashboardUrl(settingsOf({ PUBLIC_URL, DASHBOARD_URL }), SERVICE.serviceUrl)).to.equal(
      DASHBOARD_URL,
    );
  });

  it("P20 allow in development this machine by both names, and the sandbox", () => {
    const sandboxUrl = "http://127.0.0.1:12111/";
    expect(redirectOrigins(settingsOf({}), { ...SERVICE, sandboxUrl })).to.deep.equal([
      "http://127.0.0.1:3000",
      "http://localhost:3000",
      "http://127.0.0.1:12111",
    ]);
  });

  it("P20 allow what is set beside the dashboard, and nothing else", () => {
    const settings = {
      ...settingsOf({
        DASHBOARD_URL: "https://app.example.com/b",
        ALLOWED_REDIRECT_ORIGINS: "https://a.example.com, https://app.example.com",
      }),
      production: true,
    };
    expect(redirectOrigins(settings, SERVICE)).to.deep.equal([
      "https://app.example.com",
      "https://a.example.com",
    ]);
  });

  it("P20 allow in production the dashboard alone where nothing is set", () => {
    const settings = {
      ...settingsOf({ DASHBOARD_URL: "https://app.example.com/b" }),
      production: true,
    };
    expect(redirectOrigins(settings, SERVICE)).to.deep.equal(["https://app.example.com"]);
  });

  it("reach the service on this machine by its port", () => {
    expect(localServiceUrl(settingsOf({ PORT: "4000" }))).to.equal("http://127.0.0.1:4000");
  });
});
