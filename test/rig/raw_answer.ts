import { get, type IncomingHttpHeaders } from "node:http";
import { buffer } from "node:stream/consumers";

/** What a server sends, unpacked by nobody. */
export function rawAnswer(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ status: number | undefined; headers: IncomingHttpHeaders; body: Buffer }> {
  return new Promise((resolve, reject) => {
    get(url, { headers, agent: false }, (response) => {
      const { statusCode: status, headers: sent } = response;
      buffer(response).then((body) => resolve({ status, headers: sent, body }), reject);
    }).on("error", reject);
  });
}
