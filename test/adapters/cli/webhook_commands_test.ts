import { expect } from "chai";
import { useBilling } from "../../rig/billing_fixture.ts";
import { runCli } from "./run_cli.ts";

const URL = "https://hooks.example.com/billing";

describe("the webhooks commands", () => {
  const fixture = useBilling();

  const run = (...args: string[]) =>
    runCli(["webhooks", ...args], { withBilling: (work) => work(fixture.billing) });
  const read = async (...args: string[]) => JSON.parse((await run(...args, "--json")).out);

  it("add prints the secret, list does not, secret makes another one, remove ends it", async () => {
    const { id, secret } = await read("add", URL, "pack.bought", "pack.refunded");
    expect(secret).to.match(/^whsec_/);
    const listed = await run("list");
    expect(listed.out).to.equal(`${id}  ${URL}\n  pack.bought, pack.refunded\n`);
    expect((await run("secret", id)).out)
      .to.include("secret: whsec_")
      .and.not.include(secret);
    expect((await run("remove", id)).out).to.equal(`Removed ${id}\n`);
    expect((await run("list")).out).to.equal("There are no webhook endpoints\n");
  });

  it("deliveries lists what was sent, and replay has it sent again", async () => {
    const { id } = await read("add", URL, "pack.bought");
    expect((await run("deliveries", id)).out).to.equal("Nothing was sent to it\n");
    const { now } = fixture;
    await fixture.store.deliveries.add({
      id: "d1",
      targetId: id,
      lane: "lane",
      position: 1,
      type: "pack.bought",
      body: "{}",
      createdAt: now,
    });
    await fixture.store.deliveries.claim({ targetIds: [id], now, until: now });
    const attempt = { at: now, status: 500, error: "the endpoint answered 500" };
    await fixture.store.deliveries.settle(
      { id: "d1", claims: 1 },
      { state: "dead", dueAt: null, attempt },
    );
    const at = now.toISOString();
    expect((await run("deliveries", id)).out).to.equal(
      `${at}  dead  1 attempt  d1\n  the endpoint answered 500\n`,
    );
    expect((await run("replay", id, "d1")).out).to.include(`Due again: ${at}  waiting`);
    expect((await fixture.store.deliveries.find("d1"))?.state).to.equal("waiting");
  });

  it("says what is wrong", async () => {
    expect((await run("add", "https://127.0.0.1/", "pack.bought")).err).to.include(
      "the address must be of a public host",
    );
    expect((await run("add", URL, "nothing")).code).to.equal(2);
    for (const args of [
      ["secret", "whe_0"],
      ["remove", "whe_0"],
      ["replay", "whe_0", "d1"],
      ["deliveries", "whe_0"],
    ]) {
      const { code, err } = await run(...args);
      expect([code, err.includes("no such")], args.join(" ")).to.deep.equal([1, true]);
    }
    const { id } = await read("add", URL, "pack.bought");
    expect((await run("deliveries", "whe_0")).err).to.include(`there are ${id}`);
  });
});
