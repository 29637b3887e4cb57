import { expect } from "chai";
import { hostNotifications } from "../../../src/application/notifications/host_notifications.ts";
import { tenantId, useNotifications } from "./notification_rig.ts";

describe("DeliverNotifications", () => {
  const rig = useNotifications();

  it("P41 tries five times, the first pause ten seconds, then gives up, and goes on with the next", async () => {
    const id = await rig.listen(["tokens.exhausted"]);
    rig.webhooks.answer = () => 500;
    await rig.give(9);
    await rig.spendAll("s1");
    await rig.give(9);
    await rig.spendAll("s2");
    await rig.deliver();
    const attempts: number[] = [];
    for (const seconds of [9, 1, 30, 120, 599, 1]) {
      rig.fixture.advance(1_000 * seconds);
      attempts.push((await rig.billing.deliverNotifications.execute({ limit: 100 })).attempts);
    }
    expect(attempts).to.deep.equal([0, 1, 1, 1, 0, 2]);
    const { deliveries } = await rig.billing.listDeliveries.execute({ endpointId: id, limit: 9 });
    expect(deliveries.map(({ state, attempts: made }) => [state, made])).to.have.deep.members([
      ["dead", 5],
      ["waiting", 1],
    ]);
    const dead = deliveries.find(({ state }) => state === "dead");
    expect(dead?.log.map(({ status }) => status)).to.deep.equal([500, 500, 500, 500, 500]);
    rig.webhooks.answer = () => 204;
    const replayed = await rig.billing.replayDelivery.execute({
      endpointId: id,
      id: dead?.id ?? "",
    });
    expect(replayed).to.include({ state: "waiting", attempts: 0 });
    await rig.billing.deliverNotifications.execute({ limit: 100 });
    const after = await rig.billing.listDeliveries.execute({ endpointId: id, limit: 9 });
    expect(after.deliveries.find((one) => one.id === dead?.id)?.state).to.equal("done");
    expect(
      await rig.billing.replayDelivery.execute({ endpointId: "whe_0", id: dead?.id ?? "" }),
    ).to.equal(undefined);
  });

  it("P40 calls the host's handlers, again while they reject, in one process that has them", async () => {
    const { on, handlers } = hostNotifications();
    const heard: string[] = [];
    on("tokens.exhausted", ({ id, data }) => {
      heard.push(`${id.split(":")[0]} ${data.available}`);
      if (heard.length === 1) {
        throw new Error("the host is busy");
      }
    });
    const billing = rig.fixture.process({ hostHandlers: handlers });
    await billing.deliverNotifications.execute({ limit: 1 });
    await rig.give(9);
    await rig.spendAll("s1");
    await billing.tellTenant.execute({ tenantId });
    const without = rig.fixture.process();
    expect(await without.deliverNotifications.execute({ limit: 9 })).to.include({ attempts: 0 });
    await billing.deliverNotifications.execute({ limit: 9 });
    rig.fixture.advance(10_000);
    await billing.deliverNotifications.execute({ limit: 9 });
    const expected = "tokens.exhausted 0";
    expect(heard).to.deep.equal([expected, expected]);
  });

  it("P40 says at once which types there are, and refuses names that can be none", () => {
    const { on } = hostNotifications();
    const misspelt: string = "token.low";
    expect(() => on(misspelt as "tokens.low", () => undefined)).to.throw(
      TypeError,
      'Cannot listen to "token.low": the types are subscription.activated, ',
    );
    expect(() => on("tokens.low", () => undefined, { as: "" })).to.throw(
      TypeError,
      "name of a program",
    );
  });

  /** A process with a handler of a type, under the name that is the default. */
  function listening(type: "tokens.exhausted" | "pack.bought" | "tokens.low", heard: string[]) {
    const { on, handlers } = hostNotifications();
    on(type, () => void heard.push(type));
    return rig.fixture.process({ hostHandlers: handlers });
  }

  it("P40 P41 loses nothing where processes of one name handle different types", async () => {
    const heard: string[] = [];
    await rig.billing.changeAlerts.execute({ tenantId, emailPercentages: [], tokensBelow: 5 });
    const [one, other] = [listening("tokens.low", heard), listening("tokens.exhausted", heard)];
    for (const billing of [one, other, one]) {
      await billing.deliverNotifications.execute({ limit: 1 });
    }
    await rig.give(9);
    const { balance } = await rig.billing.readTokens.execute({ tenantId, limit: 1 });
    await rig.billing.spendTokens.execute({ tenantId, key: "1", tokens: balance.available - 1 });
    await rig.spendAll("2");
    await rig.billing.tellTenant.execute({ tenantId });
    await other.deliverNotifications.execute({ limit: 9 });
    await other.deliverNotifications.execute({ limit: 9 });
    expect(heard).to.deep.equal(["tokens.exhausted"]);
    await one.deliverNotifications.execute({ limit: 9 });
    expect(heard).to.deep.equal(["tokens.exhausted", "tokens.low"]);
  });

  it("P40 gives up after a day what no process has a handler of any more, and asks for no more", async () => {
    const heard: string[] = [];
    await listening("tokens.exhausted", heard).deliverNotifications.execute({ limit: 1 });
    const billing = listening("pack.bought", heard);
    await billing.deliverNotifications.execute({ limit: 1 });
    await rig.give(9);
    await rig.spendAll("1");
    await rig.billing.tellTenant.execute({ tenantId });
    expect(await billing.deliverNotifications.execute({ limit: 9 })).to.include({ attempts: 0 });
    rig.fixture.advance(86_400_000);
    const { dead } = await billing.deliverNotifications.execute({ limit: 9 });
    expect(dead.map(({ error }) => error)).to.deep.equal(["no process has a handler of this type"]);
    const record = await rig.fixture.store.notificationRecords.find("targets", "all");
    expect(JSON.parse(record?.content ?? "")[0].events).to.deep.equal(["pack.bought"]);
    expect(heard).to.deep.equal([]);
  });
});
