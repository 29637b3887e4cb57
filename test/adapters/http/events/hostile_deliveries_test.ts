import { expect } from "chai";
import { send, startTestService } from "../../../rig/service_rig.ts";
import { useShared } from "../../../rig/use_fresh.ts";
import { type Client, openConnection } from "../server/open_connection.ts";
import { eventBody, NOW_SECONDS, signatureOf } from "./stripe_delivery.ts";

const HOSTILE = 300;
/** Of a megabyte each. */
const MAX_BODIES = 4;
const WELL_FORMED = `t=${NOW_SECONDS},v1=${"0".repeat(64)}`;

/** A delivery of 1 MB whose last byte never comes. */
function unfinished(signature: string | null): string {
  const header = signature === null ? "" : `Stripe-Signature: ${signature}\r\n`;
  const head = `POST /billing/webhook HTTP/1.1\r\nHost: a\r\n${header}Content-Length: 1000000`;
  return `${head}\r\n\r\n${"x".repeat(100_000)}`;
}

describe("the webhook, sent bodies that do not end", () => {
  const service = useShared(() => startTestService());
  let clients: Client[] = [];
  afterEach(() => {
    for (const { socket } of clients) {
      socket.destroy();
    }
    clients = [];
  });

  const open = async (text: string) => {
    const client = await openConnection(service.server.port, text);
    clients.push(client);
    return client;
  };

  const malformed: [string, string | null][] = [
    ["none", null],
    ["an empty one", ""],
    ["no time", `v1=${"0".repeat(64)}`],
    ["no signature", "t=1"],
    ["a short signature", "t=1,v1=0"],
    ["a time of ten minutes ago", WELL_FORMED.replace(/\d+/, String(NOW_SECONDS - 600))],
    ["a time of ten minutes ahead", WELL_FORMED.replace(/\d+/, String(NOW_SECONDS + 600))],
    ["3,000 characters", `${WELL_FORMED},${"v0=1,".repeat(600)}`],
  ];
  for (const [what, signature] of malformed) {
    it(`refuses a signature with ${what} before the body is there`, async () => {
      const client = await open(unfinished(signature));
      await client.closed;
      expect(client.received()).to.match(/^HTTP\/1\.1 400 /);
      expect(client.received()).to.include("bad_signature");
    });
  }

  it("lets hundreds of genuine ones come in two parts at once", async () => {
    const count = 200;
    const parts = await Promise.all(
      Array.from({ length: count }, async (_, n) => {
        const body = eventBody(`evt_part_${n}`);
        const head = [
          "POST /billing/webhook HTTP/1.1",
          "Host: a",
          "Connection: close",
          `Stripe-Signature: ${await signatureOf(body)}`,
          `Content-Length: ${body.length}`,
        ];
        return [`${head.join("\r\n")}\r\n\r\n${body.slice(0, 9)}`, body.slice(9)] as const;
      }),
    );
    const opened = await Promise.all(parts.map(([first]) => open(first)));
    for (const [n, { socket }] of opened.entries()) {
      socket.write(parts[n]?.[1] ?? "");
    }
    await Promise.all(opened.map(({ closed }) => closed));
    const statuses = opened.map(({ received }) => received().slice(9, 12));
    expect(new Set(statuses)).to.deep.equal(new Set(["200"]));
  });

  it(`keeps ${MAX_BODIES} of ${HOSTILE} at most, and takes a genuine one among them`, async () => {
    let closed = 0;
    for (let n = 1; n <= HOSTILE; n += 1) {
      const client = await open(unfinished(WELL_FORMED));
      void client.closed.then(() => {
        closed += 1;
      });
    }
    const body = eventBody();
    const headers = { "Stripe-Signature": await signatureOf(body) };
    const genuine = await send(`${service.url}/billing/webhook`, { body, headers });
    expect([genuine.status, genuine.body]).to.deep.equal([200, { received: true }]);
    expect((await send(`${service.url}/healthz`)).status).to.equal(200);
    while (closed < HOSTILE - MAX_BODIES) {
      await new Promise(setImmediate);
    }
    expect(closed).to.be.at.most(HOSTILE - MAX_BODIES + 1);
  });
});
