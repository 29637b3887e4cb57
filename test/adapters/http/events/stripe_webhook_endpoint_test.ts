import { expect } from "chai";
import type { Billing } from "../../../../src/application/billing.ts";
import type { HandleStripeEventOutcome } from "../../../../src/application/events/handle_stripe_event.ts";
import { PortError } from "../../../../src/application/ports/port_error.ts";
import { SETTINGS } from "../../../rig/billing_fixture.ts";
import { send } from "../../../rig/service_rig.ts";
import { useMany } from "../../../rig/use_fresh.ts";
import { TENANT } from "../../../samples/account.ts";
import {
  deliver,
  eventBody,
  NOW_SECONDS,
  signatureOf,
  startWithCustomer,
} from "./stripe_delivery.ts";

describe("POST /billing/webhook", () => {
  const start = useMany(startWithCustomer);

  it("P03 stores a genuine event, handles it, and answers 200", async () => {
    const service = await start();
    const { status, body } = await deliver(service, eventBody());
    expect([status, body]).to.deep.equal([200, { received: true }]);
    expect((await service.store.inbox.find("evt_1"))?.state).to.equal("done");
    expect((await service.store.accounts.find(TENANT))?.subscription?.status).to.equal("active");
    const line = service.log.lines().find(({ msg }) => msg === "Handled an event");
    expect(line).to.include({ eventId: "evt_1", ended: "done", level: "info" });
  });

  it("P04 answers 200 to 20 deliveries at once and handles the event once", async () => {
    const service = await start();
    const all = await Promise.all(Array.from({ length: 20 }, () => deliver(service, eventBody())));
    expect(new Set(all.map(({ status }) => status))).to.deep.equal(new Set([200]));
    expect((await service.store.inbox.find("evt_1"))?.attempts).to.equal(1);
  });

  it("P05 does not handle a finished event again, and says so in the log", async () => {
    const service = await start();
    await deliver(service, eventBody());
    expect((await deliver(service, eventBody())).status).to.equal(200);
    expect((await service.store.inbox.find("evt_1"))?.attempts).to.equal(1);
    expect(service.log.text()).to.contain("Received an event again that is finished");
  });

  it("P05 runs a failed event again when it is delivered again", async () => {
    const service = await start();
    service.payments.failure = new PortError("Cannot read: time-out", { transient: true });
    expect((await deliver(service, eventBody())).status).to.equal(200);
    expect((await service.store.inbox.find("evt_1"))?.state).to.equal("failed");
    expect(service.log.lines().find(({ ended }) => ended === "failed")).to.include({
      level: "warn",
    });
    service.payments.failure = null;
    expect((await deliver(service, eventBody())).status).to.equal(200);
    expect((await service.store.inbox.find("evt_1"))?.state).to.equal("done");
  });

  it("P06 answers 200 to events that are not ours to act on", async () => {
    const service = await start();
    const types = [{ type: "payout.paid" }, { livemode: true }, { account: "acct_1" }];
    for (const [n, changes] of types.entries()) {
      expect((await deliver(service, eventBody(`evt_${n}`, changes))).status).to.equal(200);
      expect((await service.store.inbox.find(`evt_${n}`))?.state).to.equal("ignored");
    }
  });

  it("P07 answers 200 to events of nobody we know", async () => {
    const service = await start();
    const object = { id: "sub_2", object: "subscription", customer: "cus_stranger" };
    expect((await deliver(service, eventBody("evt_1", { data: { object } }))).status).to.equal(200);
    expect((await service.store.inbox.find("evt_1"))?.state).to.equal("unmatched");
  });

  describe("P01 refuses with 400 and stores nothing", () => {
    const payload = eventBody();
    const forgeries: [string, () => Promise<string>, string?][] = [
      ["another secret", () => signatureOf(payload, { secret: "whsec_other" })],
      ["an old signature", () => signatureOf(payload, { timestamp: NOW_SECONDS - 301 })],
      [
        "a signature from the future",
        () => signatureOf(payload, { timestamp: NOW_SECONDS + 3600 }),
      ],
      ["a changed body", () => signatureOf(payload), payload.replace("updated", "deleted")],
      ["a body with a blank more", () => signatureOf(payload), `${payload} `],
      ["an empty body", () => signatureOf(payload), ""],
      ["half a body", () => signatureOf(payload), payload.slice(0, 100)],
      ["v0 only", async () => (await signatureOf(payload)).replace("v1=", "v0=")],
      ["no scheme", async () => "t=abc"],
      ["an empty signature", async () => ""],
      ["a signed body that is no event", () => signatureOf("{}"), "{}"],
    ];
    for (const [what, signature, body = payload] of forgeries) {
      it(what, async () => {
        const service = await start();
        const received = await deliver(service, body, await signature());
        expect([received.status, received.body.code]).to.deep.equal([400, "bad_signature"]);
        expect(await service.store.inbox.find("evt_1")).to.equal(undefined);
      });
    }

    it("no signature at all", async () => {
      const service = await start();
      const url = `${service.url}/billing/webhook`;
      const { status, body } = await send(url, { body: payload, headers: {} });
      expect([status, body.code]).to.deep.equal([400, "bad_signature"]);
    });
  });

  it("P01 needs the bytes, not their Content-Type", async () => {
    const service = await start();
    const headers = { "Content-Type": "text/plain" };
    const text = eventBody("evt_1", { note: "Zoë \ud83d\ude80" });
    expect((await deliver(service, text, undefined, headers)).status).to.equal(200);
  });

  it("refuses more than 1 MiB, and compressed bodies", async () => {
    const service = await start();
    const note = "x".repeat(1024 * 1024);
    const large = await deliver(service, eventBody("evt_1", { note }));
    expect([large.status, large.body.code]).to.deep.equal([413, "body_too_large"]);
    const fits = await deliver(service, eventBody("evt_1", { note: note.slice(0, 1_000_000) }));
    expect(fits.status).to.equal(200);
    const encoded = await deliver(service, eventBody(), undefined, { "Content-Encoding": "gzip" });
    expect(encoded.status).to.equal(415);
  });

  it("P08 answers 503 whenever the event cannot be stored", async () => {
    for (const transient of [true, false]) {
      const service = await start({
        store: (store) => {
          const { inbox } = store;
          inbox.receive = async () => {
            throw new PortError("canary", { transient });
          };
          return { ...store, inbox };
        },
      });
      const { status, text, headers } = await deliver(service, eventBody());
      expect(status).to.equal(503);
      expect(headers.has("Retry-After")).to.equal(true);
      expect(text).not.to.contain("canary");
    }
  });

  describe("with a handling that is replaced", () => {
    const handling = (execute: () => Promise<HandleStripeEventOutcome>) => (billing: Billing) => {
      const { handleDeliveries } = billing;
      handleDeliveries.execute = execute;
      return { ...billing, handleDeliveries };
    };

    it("P03 answers 200 at the deadline and does not stop the handling", async () => {
      const { promise, resolve } = Promise.withResolvers<HandleStripeEventOutcome>();
      const service = await start({ webhookDeadlineMs: 30, billing: handling(() => promise) });
      expect((await deliver(service, eventBody())).status).to.equal(200);
      expect(service.log.text()).to.contain("Answered before the event was handled");
      resolve({ type: "settled", outcome: { state: "done" } });
      await promise;
      await new Promise(setImmediate);
      expect(service.log.lines().at(-1)).to.include({ eventId: "evt_1", ended: "done" });
    });

    it("P03 answers at once while others wait for their turn", async () => {
      const { promise } = Promise.withResolvers<HandleStripeEventOutcome>();
      const busy = (billing: Billing) => {
        const crowded = Promise.withResolvers<void>().promise;
        const replaced = { hasRoom: false, crowded, has: () => false, execute: () => promise };
        const handleDeliveries = Object.assign(Object.create(null), replaced);
        return { ...billing, handleDeliveries };
      };
      const service = await start({ billing: busy });
      expect((await deliver(service, eventBody())).status).to.equal(200);
      expect((await service.store.inbox.find("evt_1"))?.state).to.equal("received");
      expect(service.log.text()).to.contain("Answered at once");
    });

    it("P08 logs a failure after the deadline, and leaves no rejection unhandled", async () => {
      const { promise, reject } = Promise.withResolvers<HandleStripeEventOutcome>();
      const service = await start({ webhookDeadlineMs: 30, billing: handling(() => promise) });
      const unhandled: unknown[] = [];
      const collect = (error: unknown) => unhandled.push(error);
      process.on("unhandledRejection", collect);
      expect((await deliver(service, eventBody())).status).to.equal(200);
      reject(new PortError("Cannot settle the event", { transient: true }));
      await new Promise(setImmediate);
      await new Promise(setImmediate);
      process.off("unhandledRejection", collect);
      expect(unhandled).to.deep.equal([]);
      const line = service.log.lines().at(-1);
      expect(line).to.include({ level: "error", eventId: "evt_1" });
      expect(line?.err).to.include({ message: "Cannot settle the event" });
    });

    for (const error of [new PortError("inbox down", { transient: true }), new TypeError("bug")]) {
      it(`P08 answers 200 when handling throws ${error.name}: it is due after its lease`, async () => {
        const fail = async () => {
          throw error;
        };
        const service = await start({ billing: handling(fail) });
        expect((await deliver(service, eventBody())).status).to.equal(200);
        expect((await service.store.inbox.find("evt_1"))?.state).to.equal("processing");
        const over = new Date(1_000 * NOW_SECONDS + 1_000 * SETTINGS.eventLeaseSeconds);
        const due = { now: over, receivedBefore: over, limit: 1 };
        expect(await service.store.inbox.due(due)).to.deep.equal(["evt_1"]);
        expect(service.log.text()).to.contain("it stays due");
      });
    }

    it("logs a dead event as an error", async () => {
      const dead = { type: "settled", outcome: { state: "dead", reason: "gave up" } } as const;
      const service = await start({ billing: handling(async () => dead) });
      expect((await deliver(service, eventBody())).status).to.equal(200);
      const line = service.log.lines().find(({ ended }) => ended === "dead");
      expect(line).to.include({ level: "error", reason: "gave up" });
    });
  });
});
