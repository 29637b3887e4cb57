import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { expect } from "chai";
import { feedInPieces } from "../../../../src/adapters/http/server/feed_in_pieces.ts";

const GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

describe("feedInPieces", () => {
  let server: Server;
  let sockets: Socket[];
  let seen: string[];
  let onRequest: (socket: Socket) => void;

  beforeEach(async () => {
    sockets = [];
    seen = [];
    onRequest = () => undefined;
    server = createServer((request, response) => {
      onRequest(request.socket);
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", () => {
        seen.push(`${request.method} ${request.url} ${Buffer.concat(parts)}`);
        response.end("ok");
      });
    });
    feedInPieces(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterEach(() => {
    for (const socket of sockets) {
      socket.destroy();
    }
    server.close();
  });

  /** Sends texts one after the other, and answers what came back until it is told to stop. */
  async function exchange(
    texts: readonly string[],
    isOver: (received: string) => boolean,
  ): Promise<string> {
    const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
    sockets.push(socket);
    socket.on("error", () => socket.destroy());
    let received = "";
    const over = new Promise<void>((resolve) => {
      socket.on("close", () => resolve());
      socket.on("data", (chunk) => {
        received += chunk;
        if (isOver(received)) {
          resolve();
        }
      });
    });
    for (const text of texts) {
      await new Promise((resolve) => socket.write(text, resolve));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await over;
    return received;
  }

  const answers = (count: number) => (received: string) => received.split("ok").length > count;

  it("lets nothing of a chunk through after its connection was cut off", async () => {
    let requests = 0;
    onRequest = (socket) => {
      requests += 1;
      socket.destroy();
    };
    await exchange([GET.repeat(2_000)], () => false);
    expect(requests).to.be.within(1, 30);
  });

  it("serves requests that come together, whatever their bodies have in them", async () => {
    const body = `{"text":"${"a\r\n\r\n".repeat(400)}"}`;
    const head = `POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n`;
    await exchange([`${GET}${head}${body}${GET}`], answers(3));
    expect(seen.toSorted()).to.deep.equal(["GET / ", "GET / ", `POST /b ${body}`].toSorted());
  });

  it("serves requests that come in the smallest parts, and in chunks", async () => {
    await exchange([..."GET /slow HTTP/1.1\r\nHost: a\r\n\r\n"], answers(1));
    const chunked = "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    await exchange([`${chunked}3\r\nabc\r\n0\r\n\r\n${GET}`], answers(2));
    expect(seen.toSorted()).to.deep.equal(["GET / ", "GET /slow ", "POST /c abc"]);
  });

  it("serves a body of a megabyte", async () => {
    const body = "x".repeat(1_000_000);
    const head = `POST /m HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n`;
    await exchange([head + body], answers(1));
    expect(seen).to.deep.equal([`POST /m ${body}`]);
  });

  it("refuses what is no HTTP, as ever", async () => {
    expect(await exchange(["nonsense\r\n\r\n"], () => false)).to.match(/^HTTP\/1\.1 400 /);
  });
});
