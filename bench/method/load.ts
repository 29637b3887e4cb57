import { Agent, request as httpRequest } from "node:http";
import type { MeasuredServer } from "./measured_server.ts";

/** A request of the load. */
export interface Shot {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Connections that stay open, so many requests on the way at once. */
export class Load {
  readonly #agent: Agent;
  readonly #atOnce: number;

  constructor(atOnce: number) {
    this.#atOnce = atOnce;
    this.#agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  }

  /**
   * Sends requests, each of which must be answered with 200.
   *
   * @returns CPU time that the server took for each, in microseconds, its work afterwards included
   */
  async costOf(server: MeasuredServer & { url: string }, shots: readonly Shot[], settles = false) {
    const before = await server.usage();
    await this.fire(server.url, shots);
    if (settles) {
      await server.settle();
    }
    const after = await server.usage();
    return (after.cpuMicros - before.cpuMicros) / shots.length;
  }

  /** Sends requests, each of which must be answered with 200. */
  async fire(url: string, shots: readonly Shot[]): Promise<void> {
    let next = 0;
    const lane = async () => {
      for (let shot = shots[next++]; shot !== undefined; shot = shots[next++]) {
        await this.send(url, shot);
      }
    };
    await Promise.all(Array.from({ length: this.#atOnce }, lane));
  }

  /** Sends one request; answers its body. */
  send(url: string, { method, path, headers, body = "" }: Shot): Promise<string> {
    return new Promise((resolve, reject) => {
      const length = { "Content-Length": String(Buffer.byteLength(body)) };
      const all = method === "GET" ? headers : { ...headers, ...length };
      const sent = httpRequest(`${url}${path}`, { method, headers: all, agent: this.#agent });
      sent.once("error", reject);
      sent.once("response", (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => {
          text += chunk;
        });
        response.once("error", reject);
        response.once("end", () => {
          const { statusCode } = response;
          if (statusCode === 200) {
            resolve(text);
          } else {
            reject(new Error(`Cannot measure: ${method} ${path} answered ${statusCode}: ${text}`));
          }
        });
      });
      sent.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
