import { expect } from "chai";
import { Stripe } from "stripe";
import { StripeWebhookVerifier } from "../../../../src/adapters/stripe/events/stripe_webhook_verifier.ts";
import { fixture } from "../fixture.ts";

const NOW = new Date("2026-09-01T12:00:00Z");
const NOW_SECONDS = NOW.getTime() / 1000;
const BODY = JSON.stringify(fixture("event_invoice_paid", { note: "Grüße, \u{1f4e8}" }), null, 2);
const BYTES = new TextEncoder().encode(BODY);

function verifierOf(...secrets: string[]): StripeWebhookVerifier {
  return new StripeWebhookVerifier({ secrets, toleranceSeconds: 300, clock: () => NOW });
}

function sign(
  options: { secret?: string; timestamp?: number; payload?: string; scheme?: string } = {},
): Promise<string> {
  return Stripe.webhooks.generateTestHeaderStringAsync({
    payload: BODY,
    secret: "whsec_current",
    timestamp: NOW_SECONDS,
    ...options,
  });
}

describe("StripeWebhookVerifier", () => {
  const verifier = verifierOf("whsec_current");

  it("P01 answers the event of a genuine delivery, its body unchanged", async () => {
    const event = await verifier.verify(BYTES, await sign());
    expect(event?.id).to.equal("evt_1QvInvoicePaid");
    expect(event?.payload).to.equal(BODY);
  });

  it("tells by form and time what cannot be genuine, without a body", async () => {
    const old = await sign({ timestamp: NOW_SECONDS - 301 });
    const ahead = await sign({ timestamp: NOW_SECONDS + 301 });
    for (const header of [old, ahead, "", "t=1", `t=${NOW_SECONDS}`, `v1=${"0".repeat(64)}`]) {
      expect(verifier.mayBeGenuine(header), header).to.equal(false);
    }
    for (const timestamp of [NOW_SECONDS - 300, NOW_SECONDS, NOW_SECONDS + 300]) {
      expect(verifier.mayBeGenuine(await sign({ timestamp }))).to.equal(true);
    }
    expect(verifier.mayBeGenuine(await sign({ secret: "whsec_other" }))).to.equal(true);
  });

  it("P01 refuses a byte flipped at each of 200 positions", async () => {
    const header = await sign();
    const step = Math.floor(BYTES.length / 200);
    for (let position = 0; position < 200; position += 1) {
      const tampered = Uint8Array.from(BYTES);
      tampered[position * step] = (tampered[position * step] ?? 0) ^ 1;
      expect(await verifier.verify(tampered, header), `byte ${position * step}`).to.equal(
        undefined,
      );
    }
  });

  it("P01 refuses the same JSON written differently", async () => {
    const rewritten = new TextEncoder().encode(JSON.stringify(JSON.parse(BODY)));
    expect(await verifier.verify(rewritten, await sign())).to.equal(undefined);
  });

  it("P01 refuses a byte order mark and broken UTF-8 in place of the signed text", async () => {
    const marked = Uint8Array.from([0xef, 0xbb, 0xbf, ...BYTES]);
    expect(await verifier.verify(marked, await sign())).to.equal(undefined);
    const payload = BODY.replace("Grüße", "\ufffd");
    const header = await sign({ payload });
    const replaced = new TextEncoder().encode(payload);
    expect(await verifier.verify(replaced, header)).to.not.equal(undefined);
    const at = replaced.indexOf(0xef);
    const broken = Uint8Array.from([...replaced.slice(0, at), 0xff, ...replaced.slice(at + 3)]);
    expect(await verifier.verify(broken, header)).to.equal(undefined);
  });

  it("P02 refuses a signature by another secret", async () => {
    const header = await sign({ secret: "whsec_other" });
    expect(await verifier.verify(BYTES, header)).to.equal(undefined);
  });

  it("P02 takes the old and the new secret while both are active, then only the new", async () => {
    const both = verifierOf("whsec_new", "whsec_current");
    const byOld = await sign();
    const byNew = await sign({ secret: "whsec_new" });
    expect(await both.verify(BYTES, byOld)).to.not.equal(undefined);
    expect(await both.verify(BYTES, byNew)).to.not.equal(undefined);
    const after = verifierOf("whsec_new");
    expect(await after.verify(BYTES, byOld)).to.equal(undefined);
    expect(await after.verify(BYTES, byNew)).to.not.equal(undefined);
  });

  it("P02 takes a delivery that Stripe signed with both secrets", async () => {
    const second = (await sign({ secret: "whsec_new" })).split(",")[1];
    expect(await verifier.verify(BYTES, `${await sign()},${second}`)).to.not.equal(undefined);
    expect(await verifierOf("whsec_new").verify(BYTES, `${await sign()},${second}`)).to.not.equal(
      undefined,
    );
  });

  const ages: [string, number, boolean][] = [
    ["takes a delivery as old as the tolerance", -300, true],
    ["refuses an older one", -301, false],
    ["takes a delivery as far ahead as the tolerance", 300, true],
    ["refuses one that is further ahead", 301, false],
    ["refuses one from 40 days ago", -40 * 86_400, false],
    ["refuses one from a year ahead", 365 * 86_400, false],
  ];
  for (const [behaviour, seconds, taken] of ages) {
    it(`P02 ${behaviour}`, async () => {
      const header = await sign({ timestamp: NOW_SECONDS + seconds });
      expect((await verifier.verify(BYTES, header)) !== undefined).to.equal(taken);
    });
  }

  it("P01 refuses a signature of the test scheme v0 alone", async () => {
    expect(await verifier.verify(BYTES, await sign({ scheme: "v0" }))).to.equal(undefined);
  });

  it("P01 refuses a timestamp that is changed, missing, doubled or no number", async () => {
    const [, signature] = (await sign()).split(",");
    const headers = [
      `t=${NOW_SECONDS - 1},${signature}`,
      `${signature}`,
      `t=${NOW_SECONDS},t=${NOW_SECONDS},${signature}`,
      `t=abc,${signature}`,
      `t=,${signature}`,
      `t=${NOW_SECONDS}x,${signature}`,
      `t=-${NOW_SECONDS},${signature}`,
      `t=1e9,${signature}`,
    ];
    for (const header of headers) {
      expect(await verifier.verify(BYTES, header), header).to.equal(undefined);
    }
  });

  it("P01 refuses headers without a signature, and none at all", async () => {
    const headers = [
      undefined,
      "",
      "v1",
      "t",
      ",",
      "=",
      "t=abc",
      "v1=",
      `t=${NOW_SECONDS}`,
      "t=1\nv1=00",
    ];
    for (const header of [...headers, `t=${NOW_SECONDS},v1=`, `t=${NOW_SECONDS},v1=zz`]) {
      expect(await verifier.verify(BYTES, header), String(header)).to.equal(undefined);
    }
    for (const empty of ["v1", "v1=", "v1=zz"]) {
      const header = `${await sign({ secret: "whsec_other" })},${empty}`;
      expect(await verifier.verify(BYTES, header), header).to.equal(undefined);
    }
  });

  it("P01 refuses an empty body", async () => {
    const header = await sign({ payload: "" });
    expect(await verifier.verify(new Uint8Array(), header)).to.equal(undefined);
  });

  it("P06 answers no event for a signed body that is none", async () => {
    for (const payload of ["[]", "null", "7", '"event"', "{}", "{", "[".repeat(100_000)]) {
      const header = await sign({ payload });
      const bytes = new TextEncoder().encode(payload);
      expect(await verifier.verify(bytes, header), payload.slice(0, 9)).to.equal(undefined);
    }
  });

  it("P06 answers a thin event, signed as any other", async () => {
    const payload = JSON.stringify(fixture("event_thin"));
    const event = await verifier.verify(new TextEncoder().encode(payload), await sign({ payload }));
    expect(event?.type).to.equal("v1.invoice.paid");
    expect(event?.customerId).to.equal(null);
  });

  it("P02 cannot be made without a secret", () => {
    expect(() => verifierOf()).to.throw(TypeError, "no signing secret is configured");
  });

  for (const secret of ["", " ", "\n", "whsec_current\n", " whsec_current", "whsec_cur\trent"]) {
    it(`P02 cannot be made with the secret ${JSON.stringify(secret)} and hides it`, () => {
      expect(() => verifierOf("whsec_current", secret))
        .to.throw(TypeError, "is empty or has white space")
        .with.property("message")
        .that.does.not.include("whsec_");
    });
  }

  for (const toleranceSeconds of [0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    it(`P02 cannot be made with a tolerance of ${toleranceSeconds}`, () => {
      const trust = { secrets: ["whsec_current"], toleranceSeconds, clock: () => NOW };
      expect(() => new StripeWebhookVerifier(trust)).to.throw(TypeError, "the tolerance must be");
    });
  }
});
