import { expect } from "chai";
import { Stripe } from "stripe";
import { useShared } from "../../rig/use_fresh.ts";
import { BYTE_ROWS } from "./byte_rows.ts";
import { ATTRIBUTION_ROWS, CUSTOMER_FIELD_ROWS, IGNORED_ROWS } from "./foreign_rows.ts";
import { eventOf, invoiceOf, type OddIds, type OddRow, ordinaryTruth, WITNESS } from "./odd_row.ts";
import { MAX_ATTEMPTS, NOW, startOddService, WEBHOOK_SECRETS } from "./odd_service.ts";
import { GENERATION_ROWS, SUBSCRIPTION_ROWS } from "./truth_rows.ts";

const TABLE: readonly OddRow[] = [
  ...IGNORED_ROWS,
  ...CUSTOMER_FIELD_ROWS,
  ...ATTRIBUTION_ROWS,
  ...GENERATION_ROWS,
  ...SUBSCRIPTION_ROWS,
  ...BYTE_ROWS,
];

/** How often Stripe sends each of them. */
const DELIVERIES = 3;

describe("Foreign and odd events", () => {
  const service = useShared(() => startOddService());
  const tenants = [WITNESS.tenantId];

  before(async () => {
    const { tenantId, customerId } = WITNESS;
    await service.link(tenantId, customerId);
    service.stripe.know(customerId, ordinaryTruth({ ...WITNESS, eventId: "evt_witness" }));
    await deliver(eventOf({ ...WITNESS, eventId: "evt_witness" }));
    expect(await planOf(tenantId)).to.equal("pro");
  });

  async function deliver(
    body: object | string | Uint8Array<ArrayBuffer>,
    headers: Readonly<Record<string, string>> = {},
    secret: string = WEBHOOK_SECRETS[0],
  ): Promise<number> {
    const isBytes = body instanceof Uint8Array;
    const payload = isBytes || typeof body === "string" ? body : JSON.stringify(body);
    const signature = await signatureOf(payload, secret);
    const response = await fetch(`${service.url}/billing/webhook`, {
      method: "POST",
      body: payload,
      headers: { "Content-Type": "application/json", "Stripe-Signature": signature, ...headers },
    });
    await response.arrayBuffer();
    return response.status;
  }

  /** The plan whose limits hold. */
  async function planOf(tenantId: string): Promise<string> {
    return (await service.billing.readSubscription.execute({ tenantId })).effectivePlanSlug;
  }

  it("the table is long", () => {
    expect(TABLE.length).to.be.greaterThan(80);
    expect(new Set(TABLE.map(({ title }) => title)).size).to.equal(TABLE.length);
  });

  for (const [index, row] of TABLE.entries()) {
    const expected = row.state ?? `refused with ${row.status}`;
    it(`${row.title}: ${expected}, and nobody else notices`, async () => {
      const ids = idsOf(index);
      await arrange(row, ids);
      const others = await service.snapshot(tenants);
      const before = await service.snapshot([ids.tenantId]);
      const body = row.body?.(ids) ?? eventOf(ids);
      for (let delivery = 0; delivery < DELIVERIES; delivery += 1) {
        expect(await deliver(body, row.headers)).to.equal(row.status ?? 200);
      }
      await service.drain();
      const stored = await service.store.inbox.find(ids.eventId);
      expect(stored?.state ?? null, stored?.reason ?? "").to.equal(row.state);
      expect(stored?.reason ?? "").to.match(row.reason ?? /^/);
      expect(stored?.attempts ?? 0).to.be.at.most(Math.max(MAX_ATTEMPTS, DELIVERIES));
      if (row.state !== "done") {
        expect(await service.snapshot([ids.tenantId])).to.deep.equal(before);
      }
      expect(await service.snapshot(tenants)).to.deep.equal(others);
      expect(await planOf(ids.tenantId)).to.equal(row.plan ?? "free");
      tenants.push(ids.tenantId);
    });
  }

  it("P06 no prototype was changed", () => {
    expect(({} as Record<string, unknown>).polluted).to.equal(undefined);
  });

  it("P06 nothing waits at the end, and a dead event asks Stripe nothing more", async () => {
    const counts = await service.billing.countEvents.execute();
    expect(counts).to.include({ received: 0, processing: 0, failed: 0 });
    const { requests } = service.stripe;
    await service.drain();
    expect(service.stripe.requests).to.equal(requests);
  });

  it("P08 a parked event that is replayed is handled once its cause is gone", async () => {
    const ids = idsOf(TABLE.findIndex(({ state }) => state === "dead"));
    service.stripe.know(ids.customerId, ordinaryTruth(ids, { invoices: [invoiceOf(ids)] }));
    const outcome = await service.billing.replayEvent.execute({ eventId: ids.eventId });
    expect(outcome).to.have.nested.property("event.state", "done");
    expect(await planOf(ids.tenantId)).to.equal("pro");
  });

  async function arrange({ truth, linked = true }: OddRow, ids: OddIds): Promise<void> {
    if (linked) {
      await service.link(ids.tenantId, ids.customerId);
    }
    if (truth !== undefined) {
      service.stripe.know(ids.customerId, truth(ids));
    }
  }
});

function idsOf(index: number): OddIds {
  return {
    tenantId: `odd_tenant_${index}`,
    customerId: `cus_odd_${index}`,
    eventId: `evt_odd_${index}`,
  };
}

/** A signature over the very bytes, also where those are no text. */
async function signatureOf(payload: string | Uint8Array, secret: string): Promise<string> {
  const timestamp = NOW.getTime() / 1000;
  if (typeof payload === "string") {
    return await Stripe.webhooks.generateTestHeaderStringAsync({ payload, secret, timestamp });
  }
  const encoder = new TextEncoder();
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", encoder.encode(secret), algorithm, false, [
    "sign",
  ]);
  const signed = Buffer.concat([encoder.encode(`${timestamp}.`), payload]);
  const digest = Buffer.from(await crypto.subtle.sign("HMAC", key, signed)).toString("hex");
  return `t=${timestamp},v1=${digest}`;
}
