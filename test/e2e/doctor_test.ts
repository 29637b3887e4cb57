import { existsSync } from "node:fs";
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import mongoose from "mongoose";
import type { Stripe } from "stripe";
import type { Finding } from "../../src/application/installation/finding.ts";
import { checkInstallation } from "../../src/composition/doctor.ts";
import { HANDLED_EVENT_TYPES } from "../../src/domain/events/billing_event.ts";
import type { Environment } from "../../src/kit/settings.ts";
import { operatorOf, PUBLIC_URL } from "../rig/operator.ts";
import { useStarted } from "../rig/started_billing.ts";
import { describeOnEveryStore } from "./describe_on_every_store.ts";

const URL = `${PUBLIC_URL}/billing/webhook`;
const HOUR_MS = 3_600_000;

await describeOnEveryStore("doctor, against the sandbox", flow);

/**
 * The tests.
 *
 * @param emptyStore settings that name a store with nothing in it
 */
function flow(emptyStore: () => Promise<Environment>): void {
  let store: Environment;
  const billing = useStarted(async () => {
    store = await emptyStore();
    return { PUBLIC_URL, ...store };
  });
  const operator = operatorOf(billing);
  beforeEach(() => addEndpoint());

  async function addEndpoint(version = "2026-10-28.endive"): Promise<Stripe.WebhookEndpoint> {
    return await billing.stripe.webhookEndpoints.create({
      url: URL,
      enabled_events: [...HANDLED_EVENT_TYPES],
      api_version: version as Stripe.WebhookEndpointCreateParams.ApiVersion,
    });
  }

  async function endpointId(): Promise<string> {
    const { data } = await billing.stripe.webhookEndpoints.list();
    return data.find(({ url }) => url === URL)?.id ?? "";
  }

  const wrong = (findings: readonly Finding[]) =>
    findings
      .filter(({ status }) => status !== "ok")
      .map(({ check, status }) => `${check} ${status}`);

  /** The findings by the sandbox's clock, or by one that is `offMs` off. */
  async function examine(env: Environment = {}, offMs = 0): Promise<readonly Finding[]> {
    const { sandbox } = billing;
    const off = { ...sandbox, now: () => new Date(sandbox.now().getTime() + offMs) };
    return await checkInstallation(operator.settings(env), {
      sandbox: off,
      webhookSecret: "whsec_sandbox",
    });
  }

  async function troubles(): Promise<readonly string[]> {
    return wrong(await examine());
  }

  it("P38 finds nothing wrong where all is well, also after time was moved", async () => {
    const findings = await examine();
    expect(wrong(findings), JSON.stringify(findings)).to.deep.equal([]);
    expect(findings).to.have.length(17);
    await billing.control("/clock", { advanceDays: 31 });
    expect(await troubles()).to.deep.equal([]);
  });

  it("P38 tells an endpoint of another API version, with and without the right one", async () => {
    await billing.stripe.webhookEndpoints.del(await endpointId());
    await addEndpoint("2025-03-31.basil");
    expect(await troubles()).to.deep.equal(["webhook_endpoint problem"]);
    await addEndpoint();
    expect(await troubles()).to.deep.equal(["webhook_endpoint warning"]);
  });

  it("P38 tells a missing event, a disabled endpoint and none; a sync repairs it", async () => {
    const id = await endpointId();
    const fewer = HANDLED_EVENT_TYPES.slice(1);
    await billing.stripe.webhookEndpoints.update(id, { enabled_events: fewer, disabled: true });
    const findings = await examine();
    const finding = findings.find(({ check }) => check === "webhook_endpoint");
    expect(finding?.status).to.equal("problem");
    expect(finding?.message)
      .to.include(`+ ${HANDLED_EVENT_TYPES[0]}`)
      .and.to.include("enabled: false -> true");
    await operator.sync();
    expect(await troubles()).to.deep.equal([]);
    expect((await billing.stripe.webhookEndpoints.retrieve(id)).enabled_events).to.deep.equal(
      HANDLED_EVENT_TYPES,
    );
    await billing.stripe.webhookEndpoints.del(id);
    expect(await troubles()).to.deep.equal(["webhook_endpoint problem"]);
  });

  it("P38 tells a wrong price and an archived product; a sync repairs them", async () => {
    await billing.stripe.prices.create({
      product: "mailingcore_pro",
      currency: "eur",
      unit_amount: 1,
      recurring: { interval: "month" },
      lookup_key: "mailingcore_pro_month",
      transfer_lookup_key: true,
    });
    expect(await troubles()).to.deep.equal(["catalog problem", "portal problem"]);
    await operator.sync();
    expect(await troubles()).to.deep.equal([]);
    await billing.stripe.products.update("mailingcore_pro", { active: false });
    expect(await troubles()).to.deep.equal(["catalog problem"]);
    await operator.sync();
  });

  it("P38 tells either Portal configuration that was changed by hand; a sync repairs it", async () => {
    const { configurations } = billing.stripe.billingPortal;
    const { data } = await configurations.list();
    expect(data).to.have.lengthOf(2);
    for (const { id, features } of data) {
      const { enabled } = features.subscription_update;
      for (const changed of [
        { subscription_cancel: { enabled: true, mode: "immediately" as const } },
        { subscription_update: { enabled: !enabled } },
        { payment_method_update: { enabled: false } },
      ]) {
        await configurations.update(id, { features: changed });
        expect(await troubles(), JSON.stringify(changed)).to.deep.equal(["portal problem"]);
        await operator.sync();
        expect(await troubles()).to.deep.equal([]);
      }
    }
  });

  it("P38 tells a clock that is hours off", async () => {
    for (const [hours, expected] of [
      [3, ["clock problem"]],
      [-3, ["clock problem"]],
      [0, []],
    ] as const) {
      expect(wrong(await examine({}, hours * HOUR_MS))).to.deep.equal(expected);
    }
  });

  it("P38 tells what is wrong while Stripe is down, and what is not", async () => {
    await billing.sandbox.close();
    const findings = await examine();
    const good = findings.filter(({ status }) => status === "ok").map(({ check }) => check);
    expect(good).to.deep.equal([
      "webhook_secrets",
      "database",
      "indexes",
      "tax",
      "ledger_keys",
      "attention",
      "secrets",
      "database_files",
      "redirects",
    ]);
    expect(findings).to.have.length(17);
  });

  it("P38 tells what is wrong while the database is down, and what is not", async () => {
    const away =
      store.MONGODB_URL === undefined
        ? { SQLITE_PATH: "/dev/null/billing.db" }
        : { MONGODB_URL: "mongodb://127.0.0.1:9/billing_test_away" };
    const findings = await examine(away);
    expect(wrong(findings)).to.deep.equal([
      "database problem",
      "indexes problem",
      "catalog problem",
      "portal problem",
      "tax problem",
      "ledger_keys problem",
      "attention problem",
    ]);
    expect(findings).to.have.length(17);
  });

  it("P38 tells an embedded database that is not there, and makes none", async () => {
    const SQLITE_PATH = join(billing.folder, "none", "billing.db");
    const found = await examine({ MONGODB_URL: "", SQLITE_PATH });
    expect(wrong(found)).to.include("database problem");
    expect(existsSync(SQLITE_PATH)).to.equal(false);
  });

  it("tells secrets that are made up, and files that others may read", async () => {
    const METRICS_TOKEN = "changemechangemechangeme";
    expect(wrong(await examine({ METRICS_TOKEN }))).to.deep.equal(["secrets warning"]);
    if (store.SQLITE_PATH !== undefined) {
      await chmod(store.SQLITE_PATH, 0o644);
      expect(await troubles()).to.deep.equal(["database_files problem"]);
    }
  });

  it("P38 tells a missing index, and creates none", async () => {
    const { MONGODB_URL } = store;
    if (MONGODB_URL === undefined) {
      // SQLite's indexes are part of its schema, which is brought up to date when it is opened.
      expect(await troubles()).to.deep.equal([]);
      return;
    }
    const connection = await mongoose.createConnection(MONGODB_URL).asPromise();
    try {
      await connection.collection("ledger_entries").dropIndex("tenantId_seq_unique");
      expect(await troubles()).to.deep.equal(["indexes problem"]);
      expect(await troubles(), "still").to.deep.equal(["indexes problem"]);
    } finally {
      await connection.close();
    }
  });
}
