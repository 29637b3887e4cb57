import { expect } from "chai";
import type { PlanSync, PlanSyncOptions } from "../../../src/adapters/cli/plan_commands.ts";
import { runCli } from "./run_cli.ts";

const URL = "https://billing.example.com/billing/webhook";
const NOTHING: PlanSync = { dryRun: false, plansFile: "plans.json", changes: [], endpoint: null };
const ENDPOINT = {
  url: URL,
  change: null,
  leftovers: [],
  lacksSecretFile: false,
  secretFile: null,
};
const PRODUCT = { productId: "prod_pro", name: "Pro", planSlug: "pro" };

describe("plans sync", () => {
  async function run(result: Partial<PlanSync>, ...args: string[]) {
    let asked: PlanSyncOptions | undefined;
    const syncPlans = async (options: PlanSyncOptions) => {
      asked = options;
      options.onProgress("at work");
      return { ...NOTHING, ...result };
    };
    return { ...(await runCli(["plans", "sync", ...args], { syncPlans })), asked };
  }

  it("says that there is nothing to change, and what was not looked at", async () => {
    const { out, err, code, asked } = await run({});
    expect(out).to.equal(
      "Nothing to change: all is as plans.json says\n" +
        "The webhook endpoint was not looked at: PUBLIC_URL is not set\n",
    );
    expect({ err, code }).to.deep.equal({ err: "at work\n", code: 0 });
    expect(asked).to.include({ dryRun: false, secretFile: null });
  });

  it("hands on that it is a dry run, and prints what would change", async () => {
    const changes = [{ type: "create_product", product: PRODUCT } as const];
    const endpoint = { ...ENDPOINT, change: { type: "create_endpoint", url: URL } as const };
    const args = ["--dry-run", "--webhook-secret-file", "./secret"];
    const { out, code, asked } = await run({ dryRun: true, changes, endpoint }, ...args);
    expect(asked).to.include({ dryRun: true, secretFile: "./secret" });
    expect(out).to.equal(
      `+ product "prod_pro": "Pro"\n+ webhook endpoint ${URL}\nTo change: 2, by plans.json\n`,
    );
    expect(code).to.equal(0);
  });

  it("fails where an endpoint has to be created without a place for its secret", async () => {
    const change = { type: "create_endpoint", url: URL } as const;
    const { out, code } = await run({ endpoint: { ...ENDPOINT, change, lacksSecretFile: true } });
    expect(code).to.equal(1);
    expect(out).to.include("Nothing to change").and.to.include("--webhook-secret-file");
  });

  it("says where the secret is, and what is left to do about older endpoints", async () => {
    const old = { endpointId: "we_old", url: URL, enabled: true, apiVersion: null, eventTypes: [] };
    const endpoint = { ...ENDPOINT, secretFile: "./secret", leftovers: [old] };
    const { out } = await run({ endpoint });
    expect(out).to.include("The signing secret is in ./secret: add it to STRIPE_WEBHOOK_SECRETS");
    expect(out).to.include('"we_old" has the same address').and.to.include("disable it at Stripe");
    const json = await run({ endpoint }, "--json");
    expect(JSON.parse(json.out)).to.deep.equal({ ...NOTHING, endpoint });
    expect(json.err).to.equal("");
  });
});
