import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { AnyNotification } from "../../../src/domain/notifications/notification.ts";

/** A request that an endpoint was sent. */
export interface Arrival {
  readonly deliveryId: string;
  /** As it came, not checked. */
  readonly signature: string;
  readonly body: string;
  readonly notification: AnyNotification;
}

/** An endpoint that keeps what arrives. */
export interface WebhookReceiver {
  readonly url: string;
  readonly arrivals: readonly Arrival[];
  /** Called with the next request, which is not answered. */
  interrupt(onArrival: () => void): void;
  close(): Promise<void>;
}

/** Listens on a free port of this machine and takes whatever comes. */
export async function openWebhookReceiver(): Promise<WebhookReceiver> {
  const arrivals: Arrival[] = [];
  let onArrival: (() => void) | null = null;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk);
    }
    const body = Buffer.concat(chunks).toString();
    const deliveryId = String(request.headers["x-mailingcore-delivery-id"]);
    const signature = String(request.headers["x-mailingcore-signature"]);
    arrivals.push({ deliveryId, signature, body, notification: JSON.parse(body) });
    if (onArrival === null) {
      response.end();
      return;
    }
    onArrival();
    onArrival = null;
    request.socket.destroy();
  });
  // What a killed process was sending ends in the middle.
  server.on("clientError", (_error, socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hooks`,
    arrivals,
    interrupt: (next) => {
      onArrival = next;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
