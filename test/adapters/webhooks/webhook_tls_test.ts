import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo, Server as TcpServer } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { HttpsWebhookSender } from "../../../src/adapters/webhooks/https_webhook_sender.ts";
import type { Delivery } from "../../../src/application/ports/notifications/delivery_store.ts";
import { type Certificate, certificateAuthority } from "../../rig/certificates.ts";
import { temporaryFolder } from "../../rig/temporary_folder.ts";
import { afterNow, NOW } from "../../samples/dates.ts";

const run = promisify(execFile);

const HOST = "hooks.example.test";
const SENDER = new URL("../../../src/adapters/webhooks/https_webhook_sender.ts", import.meta.url);

/** Sends to each URL, whose name is this machine's, and prints the answers. */
const SENDS = `
  const { HttpsWebhookSender } = await import(${JSON.stringify(SENDER.href)});
  const sender = new HttpsWebhookSender({
    privateAddresses: true,
    resolve: async () => [{ address: "127.0.0.1", family: 4 }],
  });
  const now = new Date();
  const answers = [];
  for (const url of JSON.parse(process.argv[1])) {
    const target = { id: "whe_1", url, events: [], createdAt: now, secrets: ["whsec_1"] };
    const delivery = { id: "d", targetId: "whe_1", lane: "l", position: 1, type: "pack.bought",
      body: "{}", createdAt: now, state: "waiting", dueAt: now, attempts: 1, claims: 1, log: [] };
    answers.push(await sender.send(target, delivery, now).catch((error) => error.code));
  }
  console.log(JSON.stringify(answers));
`;

async function listening(server: TcpServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

async function sendAll(urls: readonly string[], env: Readonly<Record<string, string>>) {
  const command = ["--input-type=module", "-e", SENDS, JSON.stringify(urls)];
  const { stdout } = await run(process.execPath, command, { env: { ...process.env, ...env } });
  return JSON.parse(stdout);
}

describe("HttpsWebhookSender over TLS", () => {
  const folder = temporaryFolder();
  const authority = certificateAuthority("Example Test CA");
  const ours = join(folder.path, "ca.pem");
  const requests: string[] = [];
  const servers: (Server | TcpServer)[] = [];
  let inside = 0;

  before(async () => {
    writeFileSync(ours, authority.cert);
    const closed = createHttpServer((request, response) => {
      requests.push(`inside ${request.url}`);
      response.end();
    });
    servers.push(closed);
    inside = await listening(closed);
  });

  after(() => {
    for (const server of servers) {
      server.close();
    }
    folder.remove();
  });

  beforeEach(() => {
    requests.length = 0;
  });

  /** A URL of an endpoint with this certificate, which answers with a redirect to the inside. */
  async function endpoint(certificate: Certificate, status = 200): Promise<string> {
    const server = createServer(certificate, (request, response) => {
      requests.push(String(request.url));
      const location = `http://127.0.0.1:${inside}/admin`;
      response.writeHead(status, { Location: location, Connection: "close" }).end();
    });
    servers.push(server);
    return `https://${HOST}:${await listening(server)}/hooks`;
  }

  it("trusts an authority that NODE_EXTRA_CA_CERTS names, and nobody else's or another name's certificate", async () => {
    const urls = [
      await endpoint(authority.issue(HOST)),
      await endpoint(certificateAuthority("Somebody").issue(HOST)),
      await endpoint(authority.issue("other.example.test")),
      await endpoint(authority.issue(HOST, { days: -1 })),
    ];
    expect(await sendAll(urls, { NODE_EXTRA_CA_CERTS: ours })).to.deep.equal([
      200,
      "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
      "ERR_TLS_CERT_ALTNAME_INVALID",
      "CERT_HAS_EXPIRED",
    ]);
    expect(requests, "only the trusted one was sent anything").to.deep.equal(["/hooks"]);
    const [first = ""] = urls;
    expect(await sendAll([first], { NODE_EXTRA_CA_CERTS: "" })).to.deep.equal([
      "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    ]);
    expect(requests).to.deep.equal(["/hooks"]);
  });

  it("takes a redirect to a private address for an answer", async () => {
    const url = await endpoint(authority.issue(HOST), 307);
    expect(await sendAll([url], { NODE_EXTRA_CA_CERTS: ours })).to.deep.equal([307]);
    expect(requests).to.deep.equal(["/hooks"]);
  });

  it("asks again for each delivery, and refuses a name that has become a private one", async () => {
    const url = await endpoint(authority.issue(HOST));
    // An address that was public once and that nobody has.
    const answers = ["3ffe::1", "127.0.0.1"];
    const sender = new HttpsWebhookSender({
      privateAddresses: false,
      timeoutMs: 50,
      resolve: async () => {
        const address = answers.shift() ?? "";
        return [{ address, family: address.includes(":") ? 6 : 4 }];
      },
    });
    const target = { id: "whe_1", url, events: [], createdAt: NOW, secrets: ["whsec_1"] };
    const delivery: Delivery = {
      id: "d",
      targetId: "whe_1",
      lane: "l",
      position: 1,
      type: "pack.bought",
      body: "{}",
      createdAt: NOW,
      state: "waiting",
      dueAt: afterNow(1),
      attempts: 1,
      claims: 1,
      log: [],
    };
    const first = await sender.send(target, delivery, NOW).catch(String);
    expect(first).to.match(/gave no answer|ENETUNREACH|EHOSTUNREACH|EADDRNOTAVAIL/u);
    expect(answers).to.deep.equal(["127.0.0.1"]);
    const second = await sender.send(target, delivery, NOW).catch(String);
    expect(second).to.contain("is not the name of a public host");
    expect(requests).to.deep.equal([]);
  });
});
