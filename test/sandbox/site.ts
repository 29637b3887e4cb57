import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const PAGE = "<!doctype html><title>Site</title><link rel=icon href=data:,><h1>Thank you</h1>";

const server = createServer((_request, response) => {
  response.setHeader("content-type", "text/html");
  response.end(PAGE);
});

/** Starts the site that Checkout and the Portal lead back to; any address of it says thanks. */
export async function startSite(): Promise<void> {
  await once(server.listen(0, "127.0.0.1"), "listening");
}

/** Stops the site. */
export function stopSite(): void {
  server.close();
  server.closeAllConnections();
}

/** An address of the site, which has been started. */
export function siteUrl(path: string): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
}
