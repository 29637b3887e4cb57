import { once } from "node:events";
import { Agent, createServer, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";

/** Stands before a server and counts what is asked of it. */
export interface CountingProxy {
  readonly url: string;
  /** How many requests there were so far. */
  readonly requests: number;
  close(): void;
}

/** Starts a proxy that hands every request on as it is. */
export async function countingProxy(target: string): Promise<CountingProxy> {
  const agent = new Agent({ keepAlive: true });
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    const { method = "GET", headers, url = "/" } = request;
    const handed = httpRequest(`${target}${url}`, { method, headers, agent }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    handed.once("error", () => response.destroy());
    request.pipe(handed);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    get requests() {
      return requests;
    },
    close() {
      server.close();
      server.closeAllConnections();
      agent.destroy();
    },
  };
}
