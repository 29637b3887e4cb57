import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import express from "express";
import {
  type RunningServer,
  type ServerTimeouts,
  serve,
} from "../../../../src/adapters/http/server/serve.ts";
import { memoryLogger } from "../../../rig/service_rig.ts";
import { openConnection } from "./open_connection.ts";

describe("serve", () => {
  const { logger, log } = memoryLogger();
  const servers: RunningServer[] = [];
  let started: PromiseWithResolvers<void>;
  let finish: PromiseWithResolvers<void>;

  beforeEach(() => {
    started = Promise.withResolvers();
    finish = Promise.withResolvers();
  });
  afterEach(async () => {
    finish.resolve();
    for (const server of servers.splice(0)) {
      await server.close(0);
    }
  });

  async function start(timeouts: Partial<ServerTimeouts> = {}): Promise<RunningServer> {
    const app = express();
    app.get("/quick", (_request, response) => {
      response.end("quick");
    });
    app.get("/stream", async (_request, response) => {
      response.write("first ");
      started.resolve();
      await finish.promise;
      response.end("last");
    });
    app.get("/slow", async (_request, response) => {
      started.resolve();
      await finish.promise;
      response.end("slow but whole");
    });
    const server = await serve(app, { port: 0, host: "127.0.0.1", logger, timeouts });
    servers.push(server);
    return server;
  }

  it("answers at its URL", async () => {
    const server = await start();
    expect(server.url).to.equal(`http://127.0.0.1:${server.port}`);
    expect(await (await fetch(`${server.url}/quick`)).text()).to.equal("quick");
  });

  it("names a URL that can be reached when it listens everywhere", async () => {
    const server = await serve(express(), { port: 0, host: "0.0.0.0", logger });
    servers.push(server);
    expect(server.url).to.equal(`http://127.0.0.1:${server.port}`);
  });

  it("says what to do when the port is taken", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as AddressInfo;
    let message = "";
    try {
      await serve(express(), { port, host: "127.0.0.1", logger });
    } catch (error) {
      message = error instanceof Error ? error.message : "";
    }
    other.close();
    expect(message).to.equal(
      `Cannot listen on 127.0.0.1:${port}: another process uses the port; set PORT to a free one`,
    );
  });

  it("finishes requests in flight, takes no new connections, and then ends", async () => {
    const server = await start();
    const inFlight = fetch(`${server.url}/slow`);
    await started.promise;
    const closed = server.close(60_000);
    const refused = await fetch(`${server.url}/quick`).catch(() => "refused");
    expect(refused).to.equal("refused");
    finish.resolve();
    const response = await inFlight;
    expect(response.headers.get("Connection")).to.equal("close");
    expect(await response.text()).to.equal("slow but whole");
    await closed;
    expect(log.text()).not.to.contain("Cutting off");
  });

  it("finishes answers that have begun, and keeps their connections no longer", async () => {
    const server = await start({ keepAliveMs: 600_000 });
    const begun = await openConnection(server.port, "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
    await started.promise;
    const closed = server.close(60_000);
    finish.resolve();
    await closed;
    await begun.closed;
    expect(begun.received()).to.contain("first ").and.contain("last");
  });

  it("does not wait for idle keep-alive connections", async () => {
    const server = await start({ keepAliveMs: 600_000 });
    const idle = await openConnection(server.port, "GET /quick HTTP/1.1\r\nHost: a\r\n\r\n");
    await new Promise<void>((resolve) => idle.socket.once("data", () => resolve()));
    await server.close(60_000);
    await idle.closed;
    expect(idle.received()).to.contain("quick");
  });

  it("cuts off what does not finish in time, and says so", async () => {
    const server = await start();
    const stuck = await openConnection(server.port, "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
    await started.promise;
    await server.close(20);
    await stuck.closed;
    expect(stuck.received()).to.equal("");
    expect(log.text()).to.contain("Cutting off requests that did not finish");
  });

  it("ends once however often it is closed", async () => {
    const server = await start();
    expect(server.close()).to.equal(server.close());
    await server.close();
  });

  it("closes connections beyond those that it may have, and takes others when some are gone", async () => {
    const options = { port: 0, host: "127.0.0.1", logger, maxConnections: 2 };
    const server = await serve(express(), options);
    servers.push(server);
    const first = await openConnection(server.port, "");
    const second = await openConnection(server.port, "");
    const third = await openConnection(server.port, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    await third.closed;
    expect(third.received()).to.equal("");
    first.socket.destroy();
    second.socket.destroy();
    await Promise.all([first.closed, second.closed]);
    const later = await fetch(`${server.url}/`).catch(() => fetch(`${server.url}/`));
    expect(later.status).to.equal(404);
  });

  it("answers requests that are sent together, and cuts off whoever sends too many", async () => {
    const server = await start();
    const request = "GET /quick HTTP/1.1\r\nHost: a\r\n\r\n";
    const few = await openConnection(server.port, request.repeat(4));
    while (few.received().split("quick").length < 5) {
      await new Promise(setImmediate);
    }
    few.socket.write(request);
    while (few.received().split("quick").length < 6) {
      await new Promise(setImmediate);
    }
    const many = await openConnection(server.port, request.repeat(400));
    await many.closed;
    expect(many.received().split("quick").length).to.be.below(6);
    expect((await fetch(`${server.url}/quick`)).status).to.equal(200);
  });

  it("closes a connection whose headers come byte by byte", async () => {
    const server = await start({ headersMs: 200, requestMs: 200, checkMs: 50 });
    const dripping = await openConnection(server.port, "GET /quick HTTP/1.1\r\nX-A: ");
    const drip = setInterval(() => dripping.socket.write("a"), 20);
    await dripping.closed;
    clearInterval(drip);
    expect(dripping.received()).to.match(/^(HTTP\/1.1 408|$)/);
  });

  it("closes a connection on which nothing moves while a request is answered", async () => {
    const server = await start({ idleMs: 100 });
    const stalled = await openConnection(server.port, "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
    await stalled.closed;
    expect(stalled.received()).to.equal("");
  });

  it("closes connections with slow headers, slow bodies and no requests", async () => {
    const server = await start({
      headersMs: 250,
      requestMs: 250,
      keepAliveMs: 250,
      idleMs: 500,
      checkMs: 50,
    });
    const slowHeaders = await openConnection(server.port, "GET /quick HTTP/1.1\r\nHost: a\r\nX-");
    const slowBody = await openConnection(
      server.port,
      "POST /slow HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\na",
    );
    const silent = await openConnection(server.port, "");
    const hoarding = await openConnection(server.port, "GET /quick HTTP/1.1\r\nHost: a\r\n\r\n");
    const good = await fetch(`${server.url}/quick`);
    expect(await good.text()).to.equal("quick");
    await Promise.all([slowHeaders.closed, slowBody.closed, silent.closed, hoarding.closed]);
    expect(slowHeaders.received()).to.match(/^(HTTP\/1.1 408|$)/);
  });
});
