import { expect } from "chai";
import { nextEntry } from "../../../src/domain/tokens/token_ledger.ts";
import { useBilling } from "../../rig/billing_fixture.ts";
import { TENANT } from "../../samples/account.ts";
import { runCli } from "./run_cli.ts";

const BY_HAND = ["--tenant", TENANT, "--reason", "an outage", "--operator", "Ada"];

describe("the ledger commands", () => {
  const fixture = useBilling();

  beforeEach(async () => {
    for (const key of ["a", "b"]) {
      await fixture.billing.spendTokens.execute({ tenantId: TENANT, key, tokens: 1 });
    }
    await fixture.billing.grantMonthlyTokens.execute({ tenantId: "other_tenant" });
  });

  const run = (...args: string[]) =>
    runCli(["ledger", ...args], {
      withBilling: (work) => work(fixture.billing),
      operator: "root",
    });

  /** Appends an entry past the chain, as nobody should. */
  async function damage(): Promise<void> {
    const last = await fixture.store.ledger.last(TENANT);
    const fact = { tenantId: TENANT, key: "gift", kind: "adjustment", at: fixture.now } as const;
    const entry = nextEntry(last, fact, { packs: 1_000_000 });
    await fixture.store.ledger.append({ ...entry, previousHash: "", keyId: null, hash: "" });
  }

  it("P30 verify reports how far it is, and that all is sound", async () => {
    expect(await run("verify")).to.deep.equal({
      err: `3 entries, at ${TENANT}\n4 entries, at other_tenant\n`,
      out: "Checked 4 entries of 2 tenants: all are sound\n",
      code: 0,
    });
    const { out, err } = await run("verify", "--json");
    expect(JSON.parse(out)).to.deep.equal({
      tenants: 2,
      entries: 4,
      sealed: 0,
      damaged: [],
      complete: true,
    });
    expect(err).to.equal("");
  });

  it("P30 verify names what is wrong at its position, fails and halts the tenant", async () => {
    await damage();
    const { out, code } = await run("verify", "--tenant", TENANT);
    expect(code).to.equal(1);
    expect(out).to.include(`${TENANT} (spending is halted)`).and.to.include("`ledger resume`");
    expect(out).to.include("  entry 4: it does not follow from the entry before it\n");
    const spent = { tenantId: TENANT, key: "c", tokens: 1 };
    expect((await fixture.billing.spendTokens.execute(spent)).type).to.equal("spending_halted");
    const again = await run("verify", "--json");
    expect(again.code).to.equal(1);
    expect(JSON.parse(again.out).damaged[0]).to.include({ tenantId: TENANT, acknowledged: false });
  });

  it("P30 verify fails where the tenant that was given has no ledger", async () => {
    const { err, code } = await run("verify", "--tenant", "typo");
    expect(code).to.equal(1);
    expect(err).to.include('Cannot verify the ledger of "typo": it has no entries');
  });

  it("adjust and resume give nothing to a tenant that nobody knows", async () => {
    const by = ["--tenant", "typo", ...BY_HAND.slice(2)];
    for (const args of [["adjust", "--amount", "5"], ["resume"]]) {
      const { err, out, code } = await run(...args, ...by);
      expect({ out, code }).to.deep.equal({ out: "", code: 1 });
      expect(err).to.include('Cannot find "typo": no tenant of this id has');
    }
    expect(await fixture.store.ledger.last("typo")).to.equal(undefined);
  });

  it("P30 resume lets the tenant spend again, and verify does not fail for it any more", async () => {
    await damage();
    await run("verify");
    expect((await run("resume", ...BY_HAND)).out).to.equal(`"${TENANT}" can spend again\n`);
    expect((await run("resume", ...BY_HAND)).out).to.equal(`"${TENANT}" was not halted\n`);
    const { out, code } = await run("verify");
    expect(out).to.include("(seen by an operator)");
    expect(code).to.equal(0);
  });

  it("P38 adjust gives and takes with a reason and a name", async () => {
    expect((await run("adjust", "--amount", "500", ...BY_HAND)).out).to.equal(
      `Entry 4: "${TENANT}" has 598 tokens now\n`,
    );
    const { out } = await run("adjust", "--amount", "-98", ...BY_HAND, "--json");
    expect(JSON.parse(out)).to.deep.equal({ tenantId: TENANT, seq: 5, available: 500 });
    expect(await fixture.store.ledger.last(TENANT)).to.deep.include({
      amount: -98,
      reason: "an outage",
      source: "operator:Ada",
    });
    const refused = await run("adjust", "--amount", "-501", ...BY_HAND);
    expect(refused).to.deep.include({ code: 1, out: "" });
    expect(refused.err).to.include("it has 500");
  });

  it("P38 adjust takes the system's user for the operator who gives no name", async () => {
    await run("adjust", "--amount", "5", ...BY_HAND.slice(0, 4));
    expect(await fixture.store.ledger.last(TENANT)).to.include({ source: "operator:root" });
    const blank = await run("adjust", "--amount", "5", ...BY_HAND.slice(0, 4), "--operator", " ");
    expect(blank).to.include({ code: 1, out: "" });
  });

  for (const amount of ["0", "1.5", "1e3", "many", "9007199254740993"]) {
    it(`adjust refuses ${amount}`, async () => {
      const { code, err } = await run("adjust", "--amount", amount, ...BY_HAND);
      expect(err).to.include("--amount");
      expect(code).to.equal(2);
    });
  }

  it("P38 adjust and resume want a tenant and a reason", async () => {
    for (const missing of ["--tenant", "--reason"]) {
      const given = BY_HAND.flatMap((text, index) => {
        const isPair = BY_HAND[index - (index % 2)] === missing;
        return isPair ? [] : text;
      });
      for (const args of [["adjust", "--amount", "1"], ["resume"]]) {
        const { code, err } = await run(...args, ...given);
        expect(err).to.include(missing);
        expect(code).to.equal(2);
      }
    }
  });
});
