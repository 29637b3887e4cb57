import { expect } from "chai";
import type { AnyNotification } from "../../../src/domain/notifications/notification.ts";
import { describeOnMongodb, dropDatabase } from "../../mongodb_server/describe_on_mongodb.ts";
import { START_OF_TIME, useStarted } from "../../rig/started_billing.ts";
import { useFresh } from "../../rig/use_fresh.ts";
import { SECRET } from "../../samples/http.ts";
import { ATTENTION_ROWS, type AttentionRow } from "./attention_rows.ts";
import { AttentionScene, type Listed } from "./attention_scene.ts";
import { ToldHost } from "./told_host.ts";

const ENV = {
  AUTH_JWT_SECRET: SECRET.export().toString("latin1"),
  RECONCILE_REQUESTS_PER_SECOND: "100",
  WEBHOOKS_TO_PRIVATE_ADDRESSES: "true",
};
/** By so much a command's clock may be before the sandbox's, which stands in tests. */
const MS_OF_A_REQUEST = 60_000;
const TOLD = ["attention.raised", "attention.resolved"];

describe("Every kind of what somebody has to look at", () => {
  const billing = useStarted(() => ENV);
  const host = useFresh(() => ToldHost.listen(new AttentionScene(billing)));

  for (const [kind, row] of Object.entries(ATTENTION_ROWS)) {
    it(`P41 ${kind} is found, listed and told once, and ${row.goAway ? "goes with its cause" : "is resolved by an operator"}`, async () => {
      const scene = new AttentionScene(billing);
      const item = await raised(scene, kind, row);
      await expectEverywhere(scene, item);
      await lookAgain(scene, row, "1 case waits for somebody to look at: see attention list");
      expect(await scene.list(), "looked at again").to.deep.equal([item]);
      expectTold(await host.told(), item, 1);
      await goAway(scene, row, item);
      await expectNowhere(scene);
      await lookAgain(scene, row, null);
      expect(await scene.list(), "looked at again").to.deep.equal([]);
      expectTold(await host.told(), item, 2);
    });

    it(`P41 ${kind} that an operator has resolved stays so, whatever is looked at`, async () => {
      const scene = new AttentionScene(billing);
      const item = await raised(scene, kind, row);
      const resolved = await scene.succeed("attention", "resolve", item.id, "--operator", "Ada");
      expect(resolved.out).to.equal(`Resolved: ${item.message}\n`);
      await lookAgain(scene, row, null);
      expect(await scene.list()).to.deep.equal([]);
      const again = await scene.succeed("attention", "resolve", item.id);
      expect(again.out).to.match(/^Not open: resolved by "Ada" at .*Z\n$/);
      await goAway(scene, row, item);
      expect(await scene.list()).to.deep.equal([]);
      expectTold(await host.told(), item, 2);
    });
  }
});

await describeOnMongodb("Every kind of what somebody has to look at", ({ url }) => {
  const billing = useStarted(async () => {
    await dropDatabase(url);
    return { ...ENV, MONGODB_URL: url };
  });

  for (const [kind, row] of Object.entries(ATTENTION_ROWS)) {
    it(`P41 ${kind} is listed once, and ${row.goAway ? "goes with its cause" : "is resolved by an operator"}`, async () => {
      const scene = new AttentionScene(billing);
      await goAway(scene, row, await raised(scene, kind, row));
      expect(await scene.list()).to.deep.equal([]);
      expect(await scene.listed(kind, "?all=true")).to.have.length(1);
    });
  }
});

/** The only item there is, once what it is about has happened. */
async function raised(scene: AttentionScene, kind: string, row: AttentionRow): Promise<Listed> {
  const [subject, says] = await row.arise(scene);
  await look(scene, row);
  const [item, ...others] = await scene.list();
  expect(others, "one thing is one item").to.deep.equal([]);
  const tenantId = row.ofNobody ? null : scene.billing.tenantId;
  expect(item).to.deep.include({ kind, subject, tenantId });
  expect(item?.message).to.include(says);
  return item as Listed;
}

async function goAway(scene: AttentionScene, row: AttentionRow, item: Listed): Promise<void> {
  const { id, subject } = item;
  await (row.goAway?.(scene, subject) ?? scene.succeed("attention", "resolve", id));
  await look(scene, row);
}

/** The way in which the row's kind is found. */
async function look(scene: AttentionScene, { foundBy }: AttentionRow): Promise<void> {
  await (foundBy === undefined ? scene.happen() : scene.cli(...foundBy));
}

/**
 * Lets everything look that can, in the service that runs and in one that has started again.
 *
 * @param waiting what a comparison then says of open items
 */
async function lookAgain(
  scene: AttentionScene,
  row: AttentionRow,
  waiting: string | null,
): Promise<void> {
  await look(scene, row);
  await scene.restart();
  await scene.happen();
  const { out } = await scene.cli("reconcile", "--thorough");
  expect(out.split("\n").filter((line) => /wait/.test(line))).to.deep.equal([waiting ?? []].flat());
}

/** Whatever tells of open items tells of this one, and of no other. */
async function expectEverywhere(scene: AttentionScene, item: Listed): Promise<void> {
  const { out: text } = await scene.succeed("attention", "list");
  expect(text).to.equal(
    [
      `${item.since}  ${item.kind}  ${item.tenantId ?? "no tenant"}`,
      `  ${item.message}`,
      `  -> ${item.action}`,
      `  ${item.id}\n`,
    ].join("\n"),
  );
  const of = item.tenantId === null ? [] : ["--tenant", item.tenantId];
  const json = JSON.parse((await scene.succeed("attention", "list", "--json", ...of)).out);
  const open = { state: "open", resolvedAt: null, resolvedBy: null };
  expect(json.items).to.have.length(1);
  expect(json.items[0]).to.deep.include({ ...item, ...open });
  const now = +scene.billing.sandbox.now();
  expect(Date.parse(item.since)).to.be.within(START_OF_TIME, now + MS_OF_A_REQUEST);
  const { status, message } = await checked(scene);
  expect([status, message]).to.deep.equal(["warning", "1 case waits for somebody to look at"]);
}

/** Nothing tells of an open item any more. */
async function expectNowhere(scene: AttentionScene): Promise<void> {
  expect(await scene.list()).to.deep.equal([]);
  const { out } = await scene.succeed("attention", "list");
  expect(out).to.equal("Nothing waits for somebody to look at it\n");
  expect(await checked(scene)).to.include({ status: "ok" });
}

/** What `doctor` says about the list. */
async function checked(scene: AttentionScene): Promise<Record<string, string>> {
  const { findings } = JSON.parse((await scene.cli("doctor", "--json")).out);
  return findings.find(({ check }: { check: string }) => check === "attention");
}

/** That the host was told of an item, and afterwards that it is no longer open, and of no more. */
function expectTold(told: readonly AnyNotification[], item: Listed, times: 1 | 2): void {
  const { id: attentionId, kind, tenantId, subject, message, action } = item;
  const data = { attentionId, kind, subject, message, action };
  expect(told.map(({ type, ...one }) => [type, one.tenantId, one.data])).to.deep.equal(
    TOLD.slice(0, times).map((type) => [type, tenantId, data]),
  );
}
