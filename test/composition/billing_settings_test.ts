import { expect } from "chai";
import { BILLING_SETTINGS, billingSettings } from "../../src/composition/billing_settings.ts";
import type { PreviousSettings } from "../../src/composition/previous_settings.ts";
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
      ledgerKeys: [],
      allowedRedirectOrigins: ["https://app.example.com"],
    });
  });

  it("takes what the host decides", () => {
    const given = {
      graceDays: 3,
      allowedRedirectOrigins: ["https://a.example"],
      quotaLeases: true,
    };
    expect(billingSettings({ ...HOST, ...given })).to.deep.include({
      ...given,
      allowedRedirectOrigins: ["https://app.example.com", "https://a.example"],
    });
  });

  it("P40 takes each setting of 0.1.0 as what it is called now", () => {
    const previous = {
      duplicatePolicy: "report",
      events: {
        maxAttempts: 3,
        retryBaseMs: 2_000,
        retryMaxMs: 4_000,
        leaseMs: 1_500,
        firstAttemptMs: 2_500,
        concurrency: 2,
        retentionDays: 40,
      },
      emailQuota: {
        whenStoreFails: "open",
        maxAgeMs: 1_500,
        leases: { blockSize: 50, leaseMs: 20_000, idleMs: 500, share: 10, maxTenants: 5 },
      },
    } as const;
    const present = {
      refundDuplicates: false,
      eventMaxAttempts: 3,
      eventRetryBaseMs: 2_000,
      eventRetryMaxMs: 4_000,
      eventLeaseSeconds: 1.5,
      eventFirstAttemptSeconds: 2.5,
      workerConcurrency: 2,
      eventRetentionDays: 40,
      quotaWhenStoreFails: "open",
      quotaMaxAgeSeconds: 2,
      quotaLeases: true,
      quotaLeaseEmails: 50,
      quotaLeaseSeconds: 20,
      quotaLeaseIdleSeconds: 0.5,
    } as const;
    expect(billingSettings({ ...HOST, ...previous })).to.deep.equal(
      billingSettings({ ...HOST, ...present }),
    );
    expect(billingSettings({ ...HOST, ...previous, eventMaxAttempts: 9 })).to.deep.equal(
      billingSettings({ ...HOST, ...present, eventMaxAttempts: 9 }),
    );
    expect(billingSettings({ ...HOST, events: {}, emailQuota: {} })).to.deep.equal(
      billingSettings(HOST),
    );
  });

  it("P30 takes ledger keys as texts, and shows none", () => {
    const key = `2026:canary${"x".repeat(32)}`;
    const { ledgerKeys } = billingSettings({ ...HOST, ledgerKeys: [key] });
    expect(ledgerKeys.map((secret) => secret.reveal())).to.deep.equal([key]);
    expect(JSON.stringify(ledgerKeys)).to.not.include("canary");
    for (const wrong of [["canary"], [key, key]]) {
      const problems = problemsOf({ ...HOST, ledgerKeys: wrong });
      expect(problems).to.have.length(1);
      expect(problems[0]).to.include("ledgerKeys").and.to.not.include("canary");
    }
  });

  it("lists all that cannot be, by the names of the code", () => {
    const wrong = {
      graceDays: -1,
      eventRetryBaseMs: 5_000,
      eventRetryMaxMs: 4_000,
      allowedRedirectOrigins: ["https://a.example/path"],
    };
    const old: PreviousSettings = JSON.parse(
      '{ "events": { "maxAttempt": 3 }, "emailQuota": { "leases": { "size": 3 } } }',
    );
    expect(problemsOf({ ...HOST, ...wrong, ...old, dashboardUrl: "app" })).to.deep.equal([
      "graceDays must be a whole number from 0 to 365",
      'allowedRedirectOrigins has "https://a.example/path", which is no origin like https://app.example.com',
      "events.maxAttempt is no setting: remove it",
      "emailQuota.leases.size is no setting: remove it",
      "dashboardUrl must be an absolute URL that begins with https:// or http://",
      "eventRetryMaxMs must not be less than eventRetryBaseMs",
    ]);
  });
});
