import { expect } from "chai";
import { BILLING_SETTINGS, billingSettings } from "../../src/composition/billing_settings.ts";
import { parseSettings } from "../../src/composition/settings.ts";
import { partOf } from "../../src/kit/settings.ts";
import { SettingsError } from "../../src/kit/settings_error.ts";

const HOST = { livemode: false, dashboardUrl: "https://app.example.com/billing?tab=1" };

function problemsOf(settings: Parameters<typeof billingSettings>[0]): readonly string[] {
  try {
    billingSettings(settings);
  } catch (error) {
    return error instanceof SettingsError ? error.problems : expect.fail(String(error));
  }
  return [];
}

describe("billingSettings", () => {
  it("P40 has the same defaults where billing is embedded as the service has", () => {
    const parsed = parseSettings({});
    const service = parsed.ok ? partOf(BILLING_SETTINGS, parsed.settings) : expect.fail();
    expect(billingSettings(HOST)).to.deep.equal({
      ...service,
      ...HOST,
      allowHttpLoopback: false,
      allowedRedirectOrigins: ["https://app.example.com"],
    });
  });

  it("takes what the host decides", () => {
    const given = {
      graceDays: 3,
      allowedRedirectOrigins: ["https://a.example"],
      quotaLeases: true,
    };
    expect(billingSettings({ ...HOST, ...given })).to.deep.include(given);
  });

  it("lists all that cannot be, by the names of the code", () => {
    const wrong = {
      graceDays: -1,
      eventRetryBaseMs: 5_000,
      eventRetryMaxMs: 4_000,
      allowedRedirectOrigins: ["https://a.example/path"],
    };
    const old = { events: { maxAttempts: 3 } };
    expect(problemsOf({ ...HOST, ...wrong, ...old, dashboardUrl: "app" })).to.deep.equal([
      "graceDays must be a whole number from 0 to 365",
      'allowedRedirectOrigins has "https://a.example/path", which is no origin like https://app.example.com',
      "events is no setting: remove it",
      "dashboardUrl must be an absolute URL that begins with https:// or http://",
      "eventRetryMaxMs must not be less than eventRetryBaseMs",
    ]);
  });
});
