import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { HttpsWebhookSender } from "../../../src/adapters/webhooks/https_webhook_sender.ts";
import { isPublicAddress } from "../../../src/adapters/webhooks/public_address.ts";
import type { Delivery } from "../../../src/application/ports/notifications/delivery_store.ts";
import { NOW } from "../../samples/dates.ts";

const BODY = '{"id":"pack.bought:clacme0001:1","text":"ü"}';
const DELIVERY: Delivery = {
  id: "whe_1/pack.bought:clacme0001:1",
  targetId: "whe_1",
  lane: "whe_1/tokens/clacme0001",
  position: 1,
  type: "pack.bought",
  body: BODY,
  createdAt: NOW,
  state: "waiting",
  dueAt: NOW,
  attempts: 1,
  claims: 1,
  log: [],
};
const SECRETS = ["whsec_new", "whsec_old"];

function target(url: string) {
  return { id: "whe_1", url, events: [], createdAt: NOW, secrets: SECRETS };
}

describe("HttpsWebhookSender", () => {
  let server: Server;
  let port = 0;
  const received: { request: IncomingMessage; body: string }[] = [];
  let status = 200;
  const local = new HttpsWebhookSender({ privateAddresses: true, timeoutMs: 500 });

  before(async () => {
    server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) {
        chunks.push(chunk);
      }
      received.push({ request, body: Buffer.concat(chunks).toString() });
      if (request.url !== "/silent") {
        response.writeHead(status, { Location: "/elsewhere" }).end("thanks");
      }
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    port = (server.address() as AddressInfo).port;
  });
  beforeEach(() => {
    received.length = 0;
    status = 200;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  it("signs t.body with each secret, names the event and the delivery", async () => {
    const url = `http://127.0.0.1:${port}/hooks`;
    expect(await local.send(target(url), DELIVERY, NOW)).to.equal(200);
    const [{ request, body } = { request: undefined, body: "" }] = received;
    expect(body).to.equal(BODY);
    const seconds = Math.floor(+NOW / 1_000);
    const signed = SECRETS.map((secret) =>
      createHmac("sha256", secret).update(`${seconds}.${BODY}`).digest("hex"),
    );
    expect(request?.headers).to.include({
      "content-type": "application/json",
      "x-mailingcore-event": "pack.bought",
      "x-mailingcore-delivery-id": encodeURIComponent(DELIVERY.id),
      "x-mailingcore-signature": `t=${seconds},v1=${signed[0]},v1=${signed[1]}`,
    });
  });

  it("follows no redirect: its status is the answer", async () => {
    status = 307;
    expect(await local.send(target(`http://127.0.0.1:${port}/hooks`), DELIVERY, NOW)).to.equal(307);
    expect(received.map(({ request }) => request.url)).to.deep.equal(["/hooks"]);
  });

  it("gives up when there is no answer in time, and when nobody listens", async () => {
    const silent = local.send(target(`http://127.0.0.1:${port}/silent`), DELIVERY, NOW);
    expect(String(await silent.catch(String))).to.contain("gave no answer within 500 ms");
    const closed = await local.send(target("http://127.0.0.1:9/"), DELIVERY, NOW).catch(String);
    expect(closed).to.contain("ECONNREFUSED");
  });

  it("waits for ten seconds where nothing else is said", async () => {
    const { timeout } = AbortSignal;
    const waits: number[] = [];
    AbortSignal.timeout = (ms) => {
      waits.push(ms);
      return timeout.call(AbortSignal, 50);
    };
    try {
      const sender = new HttpsWebhookSender({ privateAddresses: true });
      await sender.send(target(`http://127.0.0.1:${port}/silent`), DELIVERY, NOW).catch(String);
    } finally {
      AbortSignal.timeout = timeout;
    }
    expect(waits).to.deep.equal([10_000]);
  });

  it("connects to the address that it has checked: a name is resolved once", async () => {
    const asked: string[] = [];
    const sender = new HttpsWebhookSender({
      privateAddresses: true,
      resolve: async (hostname) => {
        asked.push(hostname);
        return [{ address: "127.0.0.1", family: 4 }];
      },
    });
    const url = `http://hooks.example.test:${port}/named`;
    expect(await sender.send(target(url), DELIVERY, NOW)).to.equal(200);
    expect(asked).to.deep.equal(["hooks.example.test"]);
    expect(received[0]?.request.headers.host).to.equal(`hooks.example.test:${port}`);
  });

  for (const addresses of [
    ["127.0.0.1"],
    ["169.254.169.254"],
    ["10.1.2.3"],
    ["::1"],
    ["::ffff:127.0.0.1"],
    ["8.8.8.8", "192.168.0.1"],
    [],
  ]) {
    it(`sends nothing to a name that resolves to ${addresses.join(" and ") || "nothing"}`, async () => {
      const sender = new HttpsWebhookSender({
        privateAddresses: false,
        resolve: async () =>
          addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
      });
      const url = `https://hooks.example.com:${port}/`;
      const sent = await sender.send(target(url), DELIVERY, NOW).catch(String);
      expect(sent).to.contain("is not the name of a public host");
      expect(received).to.deep.equal([]);
    });
  }

  it("refuses addresses that are no public https URL, when they are added and when it sends", async () => {
    const sender = new HttpsWebhookSender({ privateAddresses: false });
    const problems = {
      "http://hooks.example.com/": "be an https URL",
      "ftp://hooks.example.com/": "be an https URL",
      nonsense: "be an https URL",
      "https://ada:secret@hooks.example.com/": "have no user name or password",
      "https://127.0.0.1/": "be of a public host",
      "https://2130706433/": "be of a public host",
      "https://0x7f.1/": "be of a public host",
      "https://[::1]/": "be of a public host",
      "https://[::ffff:10.0.0.1]/": "be of a public host",
      "https://[64:ff9b::7f00:1]/": "be of a public host",
      "https://localhost/": "be of a public host",
      "https://internal/": "be of a public host",
    };
    for (const [url, problem] of Object.entries(problems)) {
      expect(sender.problemOf(url), url).to.equal(problem);
      const sent = await sender.send(target(url), DELIVERY, NOW).catch(String);
      expect(sent, url).to.contain(`the address must ${problem}`);
    }
    expect(sender.problemOf("https://hooks.example.com/billing?a=1")).to.equal(null);
  });
});

describe("isPublicAddress", () => {
  it("knows public addresses from private, local and special ones", () => {
    const open = ["8.8.8.8", "1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "2a00:1450::1"];
    const closed = (
      "0.0.0.0 10.0.0.1 100.64.0.1 127.255.0.1 169.254.0.1 172.31.0.1 192.0.0.8 192.168.1.1 " +
      "198.18.0.1 224.0.0.1 255.255.255.255 203.0.113.9 :: ::1 fe80::1 fc00::1 ff02::1 " +
      "2001:db8::1 2002:7f00:1:: 2001::1 ::ffff:8.8.8.8 64:ff9b::808:808 nonsense"
    ).split(" ");
    expect(open.filter((address) => !isPublicAddress(address))).to.deep.equal([]);
    expect(closed.filter(isPublicAddress)).to.deep.equal([]);
  });
});
