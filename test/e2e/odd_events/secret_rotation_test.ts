import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { Stripe } from "stripe";
import { connectStripe } from "../../../src/adapters/stripe/connect_stripe.ts";
import { BillingFixture } from "../../rig/billing_fixture.ts";
import { testApp } from "../../rig/test_app.ts";

const OLD = "whsec_that_leaked";
const NEW = "whsec_that_replaces_it";
const NOW = new Date("2026-09-05T12:00:00Z");
const SENDERS = 8;
const PER_STEP = 40;

/** What operators and Stripe do, one after the other: who is believed, and who signs. */
const STEPS: readonly { believed: readonly string[]; signing: readonly (readonly string[])[] }[] = [
  { believed: [OLD], signing: [[OLD]] },
  { believed: [OLD, NEW], signing: [[OLD]] },
  { believed: [OLD, NEW], signing: [[OLD, NEW], [NEW, OLD], [OLD], [NEW]] },
  { believed: [OLD, NEW], signing: [[NEW], [NEW, OLD]] },
  { believed: [NEW], signing: [[NEW], [NEW, OLD]] },
];

describe("Rotation of the signing secret during load", () => {
  const fixture = new BillingFixture();
  let handler: RequestListener = () => undefined;
  const server = createServer((request, response) => handler(request, response));
  let url: string;
  let sent = 0;

  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/billing/webhook`;
  });
  after(async () => {
    server.closeAllConnections();
    server.close();
    await fixture.close();
  });

  async function deliver(secrets: readonly string[]): Promise<number> {
    sent += 1;
    const payload = JSON.stringify({
      id: `evt_${sent}`,
      object: "event",
      type: "plan.deleted",
      created: NOW.getTime() / 1000,
      livemode: false,
      data: { object: { object: "plan" } },
    });
    const response = await fetch(url, {
      method: "POST",
      body: payload,
      headers: {
        "Content-Type": "application/json",
        "Stripe-Signature": await signedBy(payload, secrets),
      },
    });
    await response.arrayBuffer();
    return response.status;
  }

  it("P02 refuses no delivery at any step, and after the last none by the old secret", async () => {
    const answers = new Set<number>();
    let deliveries = 0;
    let next = STEPS[0];
    handler = appOf(fixture, next?.believed ?? []);
    const senders = Array.from({ length: SENDERS }, async (_, sender) => {
      for (let step = STEPS[0]; step !== undefined; step = next) {
        const signing = step.signing[(deliveries + sender) % step.signing.length] ?? [];
        answers.add(await deliver(signing));
        deliveries += 1;
        // Whoever completes a step's share brings the next step about, with others under way.
        if (deliveries % PER_STEP === 0) {
          const index = STEPS.indexOf(step) + 1;
          next = STEPS[index];
          handler = appOf(fixture, (next ?? step).believed);
        }
      }
    });
    await Promise.all(senders);
    expect([...answers]).to.deep.equal([200]);
    expect((await fixture.store.inbox.count()).ignored).to.equal(deliveries);
    expect(deliveries).to.be.at.least(PER_STEP * STEPS.length);
    expect(await deliver([OLD]), "signed by the removed secret").to.equal(400);
    expect(await deliver([NEW])).to.equal(200);
  });
});

function appOf(fixture: BillingFixture, webhookSecrets: readonly string[]): RequestListener {
  const { verifier } = connectStripe({ secretKey: "sk_test_1", webhookSecrets, clock: () => NOW });
  return testApp({ billing: fixture.process({ payments: { verifier } }) });
}

/** One header with a signature by each secret, as Stripe sends it while two are valid. */
async function signedBy(payload: string, secrets: readonly string[]): Promise<string> {
  const timestamp = NOW.getTime() / 1000;
  const headers = await Promise.all(
    secrets.map((secret) =>
      Stripe.webhooks.generateTestHeaderStringAsync({ payload, secret, timestamp }),
    ),
  );
  return [`t=${timestamp}`, ...headers.map((header) => header.split(",")[1])].join(",");
}
