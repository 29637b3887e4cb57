import { expect } from "chai";
import type { RequestHandler } from "express";
import {
  type TokenGuardOptions,
  tokenGuard,
} from "../../../../src/adapters/http/guards/express_guards.ts";
import { reservedTokens } from "../../../../src/adapters/http/guards/token_guard.ts";
import { PortError } from "../../../../src/application/ports/port_error.ts";
import { useBilling } from "../../../rig/billing_fixture.ts";
import { TENANT } from "../../../samples/account.ts";
import { useGuardedHosts } from "./guarded_host.ts";

describe("tokenGuard", () => {
  const fixture = useBilling();
  const start = useGuardedHosts();

  async function host(handler?: RequestHandler, options: Partial<TokenGuardOptions> = {}) {
    const started = await start(
      tokenGuard(fixture.billing, {
        tokens: (request) => request.body.atMost,
        tenant: () => TENANT,
        reason: "template assistant",
        ...options,
      }),
    );
    if (handler !== undefined) {
      started.handler = handler;
    }
    return started;
  }

  /** A handler whose model costs that much. */
  const costing =
    (tokens: number): RequestHandler =>
    async (request, response) => {
      const taken = await reservedTokens(request)?.commit(tokens);
      response.status(201).json({ taken });
    };

  async function balance() {
    const query = { tenantId: TENANT, limit: 1 };
    const { available, reserved } = (await fixture.billing.readTokens.execute(query)).balance;
    return { available, reserved };
  }

  /** The balance once it is settled: that goes on after the answer. */
  async function settled(available: number): Promise<void> {
    const expected = { available, reserved: 0 };
    for (let turn = 0; turn < 1_000; turn += 1) {
      const { available: now, reserved } = await balance();
      if (now === available && reserved === 0) {
        break;
      }
      await new Promise(setImmediate);
    }
    expect(await balance()).to.deep.equal(expected);
  }

  it("P28 reserves before the handler, and takes what the model has cost", async () => {
    const during: unknown[] = [];
    const { post } = await host(async (request, response) => {
      during.push(await balance(), await reservedTokens(request)?.commit(30));
      response.status(201).json({});
    });
    expect((await post({ atMost: 80 })).status).to.equal(201);
    expect(during).to.deep.equal([{ available: 20, reserved: 80 }, 30]);
    await settled(70);
    const [, commit] = await fixture.ledger();
    expect(commit).to.include({ kind: "reserve", reason: "template assistant" });
  });

  it("P28 refuses with 402 and the balance what cannot be paid, and calls no model", async () => {
    let ran = false;
    const { post } = await host(() => {
      ran = true;
    });
    const { status, body } = await post({ atMost: 101 });
    expect([status, ran]).to.deep.equal([402, false]);
    expect(body).to.deep.include({ code: "insufficient_tokens", path: "/things" });
    expect(body.balance).to.include({ available: 100 });
  });

  it("P28 takes all where the handler says nothing, and none after an error", async () => {
    const started = await host();
    await started.post({ atMost: 40 });
    await settled(60);
    started.handler = (_request, response) => {
      response.status(502).json({});
    };
    await started.post({ atMost: 60 });
    await settled(60);
    started.handler = () => {
      throw new Error("no model");
    };
    await started.post({ atMost: 60 });
    await settled(60);
  });

  it("P28 keeps what was said first: a model that ran is paid for, whatever is answered", async () => {
    const { post } = await host(async (request, response) => {
      const reserved = reservedTokens(request);
      const taken = [await reserved?.commit(25), await reserved?.commit(50)];
      await reserved?.release();
      response.status(500).json({ taken });
    });
    expect((await post({ atMost: 50 })).body).to.deep.equal({ taken: [25, 25] });
    await settled(75);
  });

  it("P28 gives back where the model was not called", async () => {
    const released = await host(async (request, response) => {
      await reservedTokens(request)?.release();
      response.status(200).json({});
    });
    await released.post({ atMost: 50 });
    await settled(100);
    const free = await host(costing(0));
    expect((await free.post({ atMost: 50 })).body).to.deep.equal({ taken: 0 });
    await settled(100);
  });

  it("P27 debits what exceeds the reservation, as far as the balance goes", async () => {
    const { post } = await host(costing(70));
    expect((await post({ atMost: 50 })).body).to.deep.equal({ taken: 70 });
    await settled(30);
    const dear = await host(costing(90));
    expect((await dear.post({ atMost: 20 })).body).to.deep.equal({ taken: 30 });
    await settled(0);
  });

  it("P28 debits what was used after the reservation had expired", async () => {
    const { post } = await host(
      async (request, response) => {
        fixture.advance(61_000);
        await fixture.billing.expireReservations.execute({ tenantId: TENANT });
        response.status(201).json({ taken: await reservedTokens(request)?.commit(30) });
      },
      { expiresInSeconds: 60 },
    );
    expect((await post({ atMost: 50 })).body).to.deep.equal({ taken: 30 });
    await settled(70);
  });

  it("P28 ends a reservation by the answer where the handler's end of it failed", async () => {
    const failed: unknown[] = [];
    const { post } = await host(async (request, response) => {
      await reservedTokens(request)
        ?.commit(-1)
        .catch((error: unknown) => failed.push(error));
      response.status(201).json({});
    });
    await post({ atMost: 50 });
    await settled(50);
    expect(failed).to.have.length(1);
    expect(failed[0]).to.be.instanceOf(RangeError);
  });

  it("P34 answers 503 while the store fails, and tells what it could not settle", async () => {
    const failure = Promise.withResolvers<unknown>();
    const fails = { execute: () => Promise.reject(new PortError("store", { transient: true })) };
    const options = { tokens: () => 50, tenant: () => TENANT, onSettleError: failure.resolve };
    const settling = await start(
      tokenGuard({ ...fixture.billing, commitReservation: fails }, options),
    );
    expect((await settling.post()).status).to.equal(201);
    expect(await failure.promise).to.have.property("name", "PortError");
    const reserving = await start(
      tokenGuard({ ...fixture.billing, reserveTokens: fails }, options),
    );
    expect((await reserving.post()).status).to.equal(503);
  });

  it("P28 never oversells to 40 requests at once", async () => {
    const { post } = await host(costing(10));
    const answers = await Promise.all(Array.from({ length: 40 }, () => post({ atMost: 10 })));
    const counts = Object.groupBy(answers, ({ status }) => String(status));
    expect(counts["201"]?.length).to.equal(10);
    expect(counts["402"]?.length).to.equal(30);
    await settled(0);
  });
});
