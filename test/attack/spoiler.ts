import { createServer, type IncomingHttpHeaders, request as send } from "node:http";
import type { AddressInfo } from "node:net";

/** A request on its way to the service. */
export interface Passing {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/**
 * What a spoiler makes of requests, so that a defence behind it is useless; a number is the status
 * that it answers itself.
 */
export type Spoil = (passing: Passing) => Passing | number | Promise<Passing | number>;

/** Stands before a service, and spoils what it lets through. */
export interface Spoiler {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts one before the service at `target`. */
export async function startSpoiler(target: string, spoil: Spoil): Promise<Spoiler> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", async () => {
      const { method = "GET", url = "/", headers } = request;
      const body = Buffer.concat(chunks);
      const passing = await spoil({ method, path: url, headers, body });
      if (typeof passing === "number") {
        response.writeHead(passing, { "Content-Type": "application/json" }).end("{}");
        return;
      }
      const length = { "content-length": String(passing.body.length) };
      const options = { method, headers: { ...passing.headers, ...length } };
      const forwarded = send(`${target}${passing.path}`, options, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      forwarded.on("error", () => response.destroy());
      forwarded.end(passing.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
