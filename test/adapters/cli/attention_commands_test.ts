import { expect } from "chai";
import { useBilling } from "../../rig/billing_fixture.ts";
import { TENANT } from "../../samples/account.ts";
import { sampleAttentionItem } from "../../samples/attention.ts";
import { afterNow, NOW } from "../../samples/dates.ts";
import { runCli } from "./run_cli.ts";

const item = sampleAttentionItem({ tenantId: TENANT, since: afterNow(-1) });
const other = sampleAttentionItem({
  tenantId: "t_other",
  subject: "sub_2\u001b[2J",
  since: afterNow(-2),
});
const ours = sampleAttentionItem({ tenantId: null, subject: "we_1", since: afterNow(-3) });

describe("the attention commands", () => {
  const fixture = useBilling();

  beforeEach(async () => {
    for (const one of [item, other, ours]) {
      await fixture.store.attention.raise(one, { revision: 0, at: NOW });
    }
  });

  const run = (...args: string[]) =>
    runCli(["attention", ...args], { withBilling: (work) => work(fixture.billing) });

  it("P41 list prints for whom, what, since when and what to do, and cannot move the cursor", async () => {
    const { out, code } = await run("list");
    expect(code).to.equal(0);
    expect(out.split("\n").slice(0, 4)).to.deep.equal([
      `${item.since.toISOString()}  no_plan_item  ${TENANT}`,
      `  ${item.message}`,
      `  -> ${item.action}`,
      `  ${item.id}`,
    ]);
    expect(out).to.include("no_plan_item  no tenant\n").and.not.to.include("\u001b");
  });

  it("P41 list keeps to a tenant and a number, for people and for programs", async () => {
    expect((await run("list", "--limit", "2")).out).to.include("There are more: raise --limit");
    const { out } = await run("list", "--tenant", TENANT, "--limit", "1", "--json");
    const since = item.since.toISOString();
    const standing = { state: "open", resolvedAt: null, resolvedBy: null, revision: 0 };
    expect(JSON.parse(out)).to.deep.equal({
      items: [{ ...item, since, ...standing }],
      more: false,
    });
    const unknown = await run("list", "--tenant", "t_nobody");
    expect(unknown).to.include({ code: 1, out: "" });
    expect(unknown.err).to.include('Cannot find "t_nobody"');
    await fixture.billing.consumeEmailQuota.execute({ tenantId: "t_quiet", count: 1 });
    const quiet = await run("list", "--tenant", "t_quiet");
    expect(quiet.out).to.equal("Nothing waits for somebody to look at it\n");
  });

  it("P41 P38 resolve takes an item off the list, under the operator's name", async () => {
    const { out, code } = await run("resolve", item.id);
    expect([out, code]).to.deep.equal([`Resolved: ${item.message}\n`, 0]);
    expect((await run("list")).out).to.not.include(item.id);
    const all = (await run("list", "--all", "--tenant", TENANT)).out;
    expect(all).to.include(`  resolved by "root" at ${fixture.now.toISOString()}\n`);
    const [entry] = await fixture.store.audit.list(TENANT, { limit: 1 });
    expect(entry?.fields[0]?.after).to.equal("root");
  });

  it("P38 resolve takes another name, and tells who came first", async () => {
    await run("resolve", item.id, "--operator", "Ada");
    const again = await run("resolve", item.id, "--operator", "Bob", "--json");
    expect(again.code).to.equal(0);
    expect(JSON.parse(again.out)).to.include({ state: "resolved", resolvedBy: "Ada" });
    expect((await run("resolve", item.id)).out).to.match(/^Not open: resolved by "Ada" at /);
  });

  it("list --all tells what went by itself, also after it was resolved", async () => {
    await fixture.store.attention.clear(ours.id, { revision: 0, at: afterNow(7) });
    await run("resolve", item.id, "--operator", "Ada");
    await fixture.store.attention.clear(item.id, { revision: 0, at: afterNow(8) });
    const { out } = await run("list", "--all");
    expect(out).to.include(`  went by itself at ${afterNow(7).toISOString()}\n`);
    expect(out).to.match(/ {2}resolved by "Ada" at .*; its cause is gone\n/);
  });

  it("resolve fails for what is not in the list", async () => {
    const { err, out, code } = await run("resolve", "no_plan_item:clacme0001:sub_9");
    expect([out, code]).to.deep.equal(["", 1]);
    expect(err).to.include('Cannot resolve "no_plan_item:clacme0001:sub_9"');
    expect((await run("resolve", item.id, "--operator", " ")).code).to.equal(1);
  });

  it("refuses a wrong command line", async () => {
    for (const args of [["list", "--limit", "0"], ["resolve"], ["list", "--since", "today"], []]) {
      expect(await run(...args)).to.include({ code: 2, out: "" });
    }
  });
});
