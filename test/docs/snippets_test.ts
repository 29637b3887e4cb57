import { readdirSync, readFileSync } from "node:fs";
import { createBilling } from "@mailingcore/billing";
import { createQuota } from "@mailingcore/billing/quota";
import { openSqliteStore } from "@mailingcore/billing/sqlite";
import { expect } from "chai";
import { startSandbox } from "../../sandbox/mod.ts";
import { connectStripe } from "../../src/adapters/stripe/connect_stripe.ts";
import { newAccount } from "../../src/domain/subscription/billing_account.ts";
import { memoryLogger, startTestService } from "../rig/service_rig.ts";
import { TENANT } from "../samples/account.ts";
import { sampleCatalog } from "../samples/catalog.ts";
import { token } from "../samples/http.ts";
import { toldOfChanges, withLeases, withoutExpress } from "./examples/fragments.ts";
import { PAGE, runExample, snippets } from "./run_example.ts";

const EXAMPLES = new URL("examples/", import.meta.url);
const SUITES = new URL("../testing/node_test_suites.ts", import.meta.url);
const TESTS = ["./", "../e2e/", "../browser/"].map((folder) => new URL(folder, import.meta.url));

/** Code without indentation, so that a fragment is found within its surroundings. */
function flat(code: string): string {
  return code.replace(/^\s+/gmu, "").trim();
}

const files = new Map(
  [...readdirSync(EXAMPLES).map((name) => new URL(name, EXAMPLES)), SUITES].map((url) => [
    url.pathname.split("/").at(-1) ?? "",
    readFileSync(url, "utf8"),
  ]),
);

/** What the tests say that run examples or look at them. */
const tests = TESTS.flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith("_test.ts"))
    .map((name) => readFileSync(new URL(name, folder), "utf8")),
).join("\n");

describe("docs/embedding.md, its snippets", () => {
  it("each is in a source that is compiled, or compared by a test", () => {
    const found = snippets();
    expect(found, "as many as there are fences").to.have.length(
      (PAGE.match(/^```/gmu) ?? []).length / 2,
    );
    expect(found.length).to.be.greaterThan(15);
    const strays = found.filter(({ language, code, heading }) =>
      language.startsWith("ts")
        ? ![...files.values()].some((text) => flat(text).includes(flat(code)))
        : !tests.includes(`exampleBelow("${heading}", "${language}")`),
    );
    expect(strays.map(({ heading, language }) => `${heading}: ${language}`)).to.deep.equal([]);
  });

  it("every example is shown as it stands, and run under its heading or imported", () => {
    const shown = snippets().filter(({ language }) => language.startsWith("ts"));
    const whole = [...files].filter(([name]) => !/^(fragments|node_test_suites)\.ts$/u.test(name));
    for (const [name, text] of whole) {
      const snippet = shown.find(({ code }) => code === text);
      expect(snippet, `${name} as the page shows it`).to.not.equal(undefined);
      const isRun = tests.includes(`"${snippet?.heading}"`);
      expect(isRun, `${name} is run`).to.equal(true);
    }
  });

  it("P40 a send without Express is counted once under its key", async () => {
    const store = openSqliteStore(":memory:");
    await store.catalog.save({ ...sampleCatalog(), revision: 0 });
    const quota = createQuota({ store, ...withLeases({ graceDays: 3 }) });
    const first = await withoutExpress(quota, TENANT, "message 1");
    expect(first).to.have.property("type", "counted");
    await withoutExpress(quota, TENANT, "message 1");
    expect((await quota.readUsage.execute({ tenantId: TENANT })).emails.used).to.equal(250);
    await quota.close();
  });

  it("P41 a handler is told who has subscribed, by the workers that it starts", async () => {
    const [store, sandbox] = [openSqliteStore(":memory:"), await startSandbox({ port: 0 })];
    await store.catalog.save({ ...sampleCatalog(), revision: 0 });
    const secrets = { secretKey: "sk_test_any", webhookSecrets: ["whsec_any"] };
    const billing = createBilling({
      store,
      payments: connectStripe({ ...secrets, baseUrl: sandbox.url }),
      settings: { livemode: false, dashboardUrl: "https://app.example.com", ledgerKeys: [] },
    });
    const welcomed = Promise.withResolvers<string>();
    toldOfChanges(billing, memoryLogger().logger, async (tenantId, { once }) =>
      welcomed.resolve(`${tenantId} ${once}`),
    );
    while ((await store.notificationRecords.find("targets", "all")) === undefined) {
      await new Promise(setImmediate);
    }
    const status = { field: "subscription.status", before: null, after: "active" };
    const cause = { type: "service" } as const;
    const lastChange = { revision: 1, at: new Date(), cause, fields: [status] };
    await store.accounts.save({ ...newAccount(TENANT), lastChange });
    await billing.tellTenant.execute({ tenantId: TENANT });
    expect(await welcomed.promise).to.equal(`${TENANT} subscription.activated:${TENANT}:1`);
    await billing.close();
    await sandbox.close();
  });

  it("P45 the client's service counts, reads the plan, and hears when to come back", async () => {
    const service = await startTestService();
    const { planOf, count } = await runExample<typeof import("./examples/http_client.ts")>(
      "Over HTTP, with types",
      { BILLING_URL: service.url, BILLING_TOKEN: token({ scope: "billing:usage" }) },
    );
    expect(await planOf(TENANT)).to.equal("free");
    expect(await count(TENANT, 100, "mailing 1")).to.equal(0);
    expect(await count(TENANT, 100, "mailing 2")).to.be.within(1, 31 * 86_400);
    await service.close();
  });

  it("P21 a tenant has paid in the sandbox", async () => {
    const { rehearse } = await runExample<typeof import("./examples/without_stripe.ts")>(
      "Test without Stripe",
      {},
    );
    const subscription = await rehearse(TENANT, "starter");
    expect(subscription).to.include({ planSlug: "starter", status: "active" });
  });
});
