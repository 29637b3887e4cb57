import { expect } from "chai";
import { SyncCatalog } from "../../../src/application/catalog/sync_catalog.ts";
import {
  CheckInstallation,
  type InstallationDependencies,
  type InstallationSettings,
} from "../../../src/application/installation/check_installation.ts";
import type { Finding } from "../../../src/application/installation/finding.ts";
import { MeasureClock } from "../../../src/application/installation/measure_clock.ts";
import { SyncWebhookEndpoint } from "../../../src/application/installation/sync_webhook_endpoint.ts";
import type { OtherClocks } from "../../../src/application/ports/clock.ts";
import { PortError } from "../../../src/application/ports/port_error.ts";
import type {
  MissingPermission,
  ProviderFacts,
  TaxSetup,
} from "../../../src/application/ports/provider_inspection.ts";
import type { Catalog, CatalogDefinition } from "../../../src/domain/catalog/catalog.ts";
import { HANDLED_EVENT_TYPES } from "../../../src/domain/events/billing_event.ts";
import type { LedgerHead } from "../../../src/domain/tokens/ledger_head.ts";
import { ScriptedPublisher } from "../../rig/scripted_publisher.ts";
import { SILENT_CLOCK } from "../../rig/silent_clock.ts";
import { samplePlan } from "../../samples/catalog.ts";
import { at } from "../../samples/dates.ts";
import { showing } from "./clock_readings.ts";
import { ScriptedEndpoints } from "./scripted_endpoints.ts";

const CHECKS = [
  "key",
  "mode",
  "api_version",
  "clock",
  "permissions",
  "webhook_endpoint",
  "webhook_secrets",
  "database",
  "indexes",
  "catalog",
  "portal",
  "tax",
  "ledger_keys",
  "attention",
];
const URL = "https://billing.example.com/billing/webhook";
const SECRET = `whsec_${"a1B2".repeat(8)}`;
const NOW = at("2026-11-25T10:00:00Z");
const DASHBOARD = { dashboardUrl: "https://app.example.com/billing" };

/** An installation in which all is well, for a test to break. */
class Installation {
  readonly endpoints = new ScriptedEndpoints();
  readonly publisher = new ScriptedPublisher();
  settings: InstallationSettings = {
    production: true,
    sandbox: false,
    livemode: true,
    apiVersion: this.endpoints.apiVersion,
    webhookUrl: URL,
    webhookSecrets: [SECRET],
    ledgerKeyIds: ["2027", "2026"],
    toleranceSeconds: 300,
    paperwork: {
      stripeAutomaticTax: false,
      stripeTaxIds: false,
      promotionCodes: false,
      packInvoices: true,
    },
  };
  facts: { -readonly [K in keyof ProviderFacts]: ProviderFacts[K] } = {
    keyAccepted: true,
    apiVersion: "2026-10-28.endive",
    livemode: true,
  };
  missing: MissingPermission[] = [];
  tax: TaxSetup = { isReady: true, missing: [], hasDefault: false };
  taxLooks = 0;
  indexes: string[] = [];
  now = NOW;
  openItems = 0;
  mark: LedgerHead | undefined;
  otherClocks: OtherClocks = { stripe: showing(NOW, 1_000), database: showing(NOW) };
  definition: CatalogDefinition = { plans: [{ ...samplePlan("free", 1), prices: [] }] };
  failing: Partial<InstallationDependencies> = {};
  #catalog: Catalog | undefined;

  get store(): InstallationDependencies["store"] {
    const save = async (catalog: Catalog) => {
      this.#catalog = { ...catalog, revision: catalog.revision + 1 };
      return "saved" as const;
    };
    return {
      catalog: { read: async () => this.#catalog, save },
      missingIndexes: async () => this.indexes,
      attention: { countOpen: async () => this.openItems },
      ledgerHeads: { read: async () => this.mark },
    };
  }

  async publish(definition: CatalogDefinition): Promise<void> {
    this.definition = definition;
    const { publisher, store } = this;
    await new SyncCatalog({ catalog: store.catalog, publisher }, DASHBOARD).execute(definition);
  }

  async check(): Promise<readonly Finding[]> {
    const { endpoints, publisher, facts, missing, otherClocks } = this;
    const store = this.failing.store ?? this.store;
    const ports: InstallationDependencies = {
      inspection: {
        inspect: async () => facts,
        missingPermissions: async () => missing,
        taxSetup: async () => {
          this.taxLooks += 1;
          return this.tax;
        },
      },
      syncCatalog: new SyncCatalog({ catalog: store.catalog, publisher }, DASHBOARD),
      syncWebhookEndpoint: new SyncWebhookEndpoint({ endpoints }),
      readDefinition: async () => this.definition,
      measureClock: new MeasureClock({ clock: () => this.now, otherClocks }),
      otherClocks,
      ...this.failing,
      store,
    };
    return await new CheckInstallation(ports, this.settings).execute();
  }
}

const PRO = {
  ...samplePlan("pro", 2),
  prices: [{ interval: "month", amount: 2_900, currency: "eur" }],
} as const;
const FREE = { ...samplePlan("free", 1), prices: [] };

describe("CheckInstallation", () => {
  let installation: Installation;

  beforeEach(async () => {
    installation = new Installation();
    await installation.publish({ plans: [FREE, PRO] });
    await installation.endpoints.create({ url: URL, eventTypes: HANDLED_EVENT_TYPES });
  });

  /** What is not well, and that nothing else is told of it. */
  async function findings(): Promise<readonly Finding[]> {
    const all = await installation.check();
    expect(new Set(all.map(({ check }) => check))).to.deep.equal(new Set(CHECKS));
    for (const { status, fix } of all) {
      expect(fix === null).to.equal(status === "ok");
    }
    return all.filter(({ status }) => status !== "ok");
  }

  async function only(check: string, status: Finding["status"]): Promise<Finding> {
    const found = await findings();
    expect(found.map((one) => `${one.status} ${one.check}`)).to.deep.equal([`${status} ${check}`]);
    return found[0] as Finding;
  }

  it("P38 finds nothing where all is well, and names every check", async () => {
    expect(await findings()).to.deep.equal([]);
    expect((await installation.check()).map(({ check }) => check)).to.deep.equal(CHECKS);
  });

  it("P38 tells a key that Stripe does not know", async () => {
    installation.facts.keyAccepted = false;
    expect((await only("key", "problem")).fix).to.include("STRIPE_SECRET_KEY");
  });

  it("P38 tells test money in production, which may be meant", async () => {
    installation.settings = { ...installation.settings, livemode: false };
    installation.facts.livemode = false;
    expect((await only("mode", "warning")).message).to.include("test mode");
  });

  it("P38 tells a live key outside of production", async () => {
    installation.settings = { ...installation.settings, production: false };
    expect((await only("mode", "problem")).fix).to.include("NODE_ENV=production");
  });

  it("P38 tells a key whose objects are of the other mode", async () => {
    installation.facts.livemode = false;
    expect((await only("mode", "problem")).message).to.include("test mode objects");
  });

  it("P38 tells another API version", async () => {
    installation.facts.apiVersion = "2024-06-20";
    expect((await only("api_version", "problem")).message).to.include("2024-06-20");
  });

  it("P38 tells what a restricted key may not read and write, by the permission's name", async () => {
    installation.missing = [
      { resource: "prices", access: "read", permission: "rak_price_read" },
      { resource: "events", access: "read", permission: null },
      { resource: "refunds", access: "write", permission: "rak_charge_write" },
    ];
    const { message, fix } = await only("permissions", "problem");
    expect(message).to.include("may not read prices, events and not write refunds");
    expect(fix)
      .to.include("rak_price_read")
      .and.to.include("to read events")
      .and.to.include("rak_charge_write");
  });

  it("P42 a key that may write all but what plans sync writes is a warning only", async () => {
    installation.missing = [
      { resource: "prices", access: "write", permission: "rak_plan_write" },
      { resource: "webhook endpoints", access: "write", permission: null },
    ];
    expect((await only("permissions", "warning")).message).to.include("not write prices");
  });

  for (const [seconds, status] of [
    [29, "ok"],
    [-29, "ok"],
    [35, "problem"],
    [-35, "problem"],
    [-10_800, "problem"],
  ] as const) {
    it(`P25 P38 takes a clock that is ${seconds} s off for ${status}`, async () => {
      const now = new Date(NOW.getTime() + seconds * 1_000);
      for (const otherClocks of [
        { stripe: showing(NOW, 1_000), database: showing(now) },
        { stripe: showing(now, 1_000), database: showing(NOW) },
      ]) {
        Object.assign(installation, { now, otherClocks });
        const all = await installation.check();
        const clock = all.find(({ check }) => check === "clock");
        expect(clock?.status).to.equal(status);
        const isAhead = seconds > 0 ? "ahead" : "behind";
        expect(clock?.message).to.match(
          status === "ok" ? /^Within 30 s/ : new RegExp(`${isAhead}.*begins no months`),
        );
      }
    });
  }

  it("P25 P38 names each clock that is apart, and by how much", async () => {
    installation.now = new Date(NOW.getTime() - 400_000);
    const { message, fix } = await only("clock", "problem");
    expect(message).to.match(/40\d s behind Stripe's and 40\d s behind the database's/);
    expect(message).to.include("webhooks are refused");
    expect(fix).to.include("NTP");
  });

  it("P38 tells that it could not compare the clocks", async () => {
    installation.otherClocks = { stripe: SILENT_CLOCK, database: showing(NOW) };
    expect((await only("clock", "warning")).message).to.equal("Not compared with Stripe's");
  });

  it("P30 tells that token ledgers are not sealed, or with a key that is not set", async () => {
    installation.mark = { tenantId: "", seq: 0, hash: "", keyId: "2026", seal: "a" };
    expect(await findings()).to.deep.equal([]);
    installation.mark = { ...installation.mark, keyId: "2025" };
    expect((await only("ledger_keys", "problem")).message).to.include('"2025"');
    installation.settings = { ...installation.settings, ledgerKeyIds: [] };
    installation.mark = undefined;
    expect((await only("ledger_keys", "warning")).fix).to.include("LEDGER_KEYS");
  });

  it("P41 tells how many cases wait for somebody to look at", async () => {
    installation.openItems = 1;
    const { message, fix } = await only("attention", "warning");
    expect(message).to.equal("1 case waits for somebody to look at");
    expect(fix).to.include("attention list");
    installation.openItems = 12;
    expect((await only("attention", "warning")).message).to.include("12 cases wait");
  });

  it("P38 tells a missing endpoint, and how to keep its secret", async () => {
    installation.endpoints.endpoints = [];
    const { message, fix } = await only("webhook_endpoint", "problem");
    expect(message).to.include(URL);
    expect(fix).to.include("--webhook-secret-file").and.to.include("STRIPE_WEBHOOK_SECRETS");
  });

  it("P38 tells an endpoint of another version, and to disable it when the new one works", async () => {
    const { endpoints } = installation;
    const old = endpoints.endpoints.map((one) => ({ ...one, apiVersion: "2024-06-20" }));
    endpoints.endpoints = old;
    const { message, fix } = await only("webhook_endpoint", "problem");
    expect(message).to.include("2024-06-20");
    expect(fix).to.include("disable the old one");
    await endpoints.create({ url: URL, eventTypes: HANDLED_EVENT_TYPES });
    expect((await only("webhook_endpoint", "warning")).fix).to.include("Disable it");
  });

  it("P38 tells missing and unwanted events", async () => {
    const { endpoints } = installation;
    const wrong = ["invoice.created", ...HANDLED_EVENT_TYPES.slice(1)];
    endpoints.endpoints = endpoints.endpoints.map((one) => ({ ...one, eventTypes: wrong }));
    const { message, fix } = await only("webhook_endpoint", "problem");
    expect(message).to.include(`+ ${HANDLED_EVENT_TYPES[0]}`).and.to.include("- invoice.created");
    expect(fix).to.include("plans sync");
  });

  it("P38 tells that it does not know the service's address", async () => {
    installation.settings = { ...installation.settings, webhookUrl: null };
    expect((await only("webhook_endpoint", "warning")).fix).to.include("PUBLIC_URL");
  });

  const badSecrets: [string, readonly string[], Finding["status"]][] = [
    ["that is cut off", [SECRET, "whsec_canary12345"], "problem"],
    ["with a character of another kind", [SECRET, `${SECRET}canary!`], "problem"],
    ["of the sandbox", [SECRET, `whsec_sandboxcanary${"x".repeat(32)}`], "problem"],
    ["given twice", [SECRET, SECRET], "warning"],
  ];
  for (const [what, webhookSecrets, status] of badSecrets) {
    it(`P38 tells a webhook secret ${what}, and never shows one`, async () => {
      installation.settings = { ...installation.settings, webhookSecrets };
      const finding = await only("webhook_secrets", status);
      expect(finding.message).to.include("Secret 2 of");
      expect(JSON.stringify(finding)).not.to.include("canary").and.not.to.include("a1B2");
    });
  }

  it("P38 tells a missing index", async () => {
    installation.indexes = ["ledger_entries.seq", "billing_accounts.customer"];
    const { message, fix } = await only("indexes", "problem");
    expect(message).to.include("ledger_entries.seq; billing_accounts.customer");
    expect(fix).to.include("indexes sync");
    installation.indexes = ["a.1", "a.2", "a.3", "a.4", "a.5", "a.6", "a.7"];
    expect((await only("indexes", "problem")).message).to.match(/: a\.1; .*a\.5; and 2 more$/);
  });

  it("P38 tells a price that differs, by the same plan as a synchronisation", async () => {
    const dearer = { ...PRO, prices: [{ ...PRO.prices[0], amount: 3_900 }] };
    installation.definition = { plans: [FREE, dearer] };
    const found = await findings();
    expect(found.map(({ check }) => check)).to.deep.equal(["catalog", "portal"]);
    expect(found[0]?.message).to.include('+ price "mailingcore_pro_month": 39.00 EUR per month');
    expect(found[0]?.fix).to.include("plans sync --dry-run");
  });

  it("P38 tells a Portal that was changed by hand", async () => {
    installation.publisher.portals.push({
      purpose: "home",
      returnUrl: "https://elsewhere.example",
      offers: [],
    });
    expect((await only("portal", "problem")).message).to.include("~ Customer Portal");
  });

  it("P38 tells a plans file that cannot be used", async () => {
    installation.definition = { plans: [PRO] };
    const found = await findings();
    expect(found.map(({ check }) => check)).to.deep.equal(["catalog", "portal"]);
    expect(found[0]?.message).to.include("Exactly one active plan must have no prices");
  });

  it("P38 takes the sandbox for what it is in development", async () => {
    installation.settings = {
      ...installation.settings,
      production: false,
      sandbox: true,
      livemode: false,
      webhookUrl: null,
      webhookSecrets: ["whsec_sandbox"],
    };
    installation.facts.livemode = false;
    expect(await findings()).to.deep.equal([]);
  });

  describe("where tax is computed (P43)", () => {
    const taxed = (change: object = {}) => ({
      ...PRO,
      automaticTax: true,
      prices: PRO.prices.map((price) => ({ ...price, ...change })),
    });

    it("is well where Stripe Tax is set up and every price says whether it contains tax", async () => {
      await installation.publish({ plans: [FREE, taxed({ taxBehavior: "exclusive" })] });
      expect(await findings()).to.deep.equal([]);
      expect(installation.taxLooks).to.equal(1);
    });

    it("P42 tells a Stripe Tax that is not set up, which refuses every Checkout", async () => {
      await installation.publish({ plans: [FREE, taxed({ taxBehavior: "exclusive" })] });
      installation.tax = { isReady: false, missing: ["head_office"], hasDefault: false };
      const { message } = await only("tax", "problem");
      expect(message).to.include("head_office");
    });

    it("P42 tells prices of which nobody has said whether they contain tax", async () => {
      const price = { amount: 500, currency: "eur", automaticTax: true };
      const packs = [{ slug: "small", name: "Small", tokens: 10, active: true, ...price }];
      await installation.publish({ plans: [FREE, taxed()], packs });
      const { message } = await only("tax", "problem");
      expect(message).to.include('"pro"').and.include('"small"').and.not.include('"free"');
      installation.tax = { ...installation.tax, hasDefault: true };
      expect(await findings()).to.deep.equal([]);
    });

    it("asks nothing where no tax is computed, or the sandbox computes it", async () => {
      installation.tax = { isReady: false, missing: ["head_office"], hasDefault: false };
      expect(await findings()).to.deep.equal([]);
      const { settings } = installation;
      const paperwork = { ...settings.paperwork, stripeAutomaticTax: true };
      installation.settings = { ...settings, paperwork };
      expect((await only("tax", "problem")).message).to.include("head_office");
      installation.settings = { ...settings, paperwork, sandbox: true };
      await findings();
      expect(installation.taxLooks).to.equal(1);
    });
  });

  it("P38 goes on with every other check while Stripe is down", async () => {
    const down = new PortError("Cannot ask: Stripe could not be reached", { transient: true });
    const fail = () => Promise.reject(down);
    installation.failing = {
      inspection: { inspect: fail, missingPermissions: fail, taxSetup: fail },
    };
    installation.endpoints.onCall = () => {
      throw down;
    };
    installation.publisher.onCall = () => {
      throw down;
    };
    const all = await installation.check();
    expect(all.map(({ check }) => check)).to.deep.equal(CHECKS);
    const good = all.filter(({ status }) => status === "ok").map(({ check }) => check);
    expect(good).to.deep.equal([
      "clock",
      "webhook_secrets",
      "database",
      "indexes",
      "tax",
      "ledger_keys",
      "attention",
    ]);
    expect(all[0]?.message).to.include("Stripe could not be reached");
  });

  it("P38 goes on with every other check while the database is down", async () => {
    const fail = () => Promise.reject(new PortError("Cannot read: no server", { transient: true }));
    installation.failing = {
      store: {
        catalog: { read: fail, save: fail },
        missingIndexes: fail,
        attention: { countOpen: fail },
        ledgerHeads: { read: fail },
      },
    };
    const bad = (await findings()).map(({ check }) => check);
    expect(bad).to.deep.equal([
      "database",
      "indexes",
      "catalog",
      "portal",
      "tax",
      "ledger_keys",
      "attention",
    ]);
  });

  it("does not take an error of its own for a finding", async () => {
    const bug = new TypeError("a bug");
    installation.failing = { readDefinition: () => Promise.reject(bug) };
    expect(await installation.check().catch((error: unknown) => error)).to.equal(bug);
  });
});
