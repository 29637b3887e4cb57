import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { newId } from "../state/ids.ts";
import type { CliSession } from "../state/request_records.ts";
import type { State } from "../state/state.ts";
import { API_VERSION, type WireEvent } from "../state/wire.ts";
import { signedHeaders } from "../webhooks/attempt.ts";
import { isAskedFor, logMessage, type RequestLog } from "./request_logs.ts";

/** Where the command line connects to. */
export const SOCKET_PATH = "/stripecli/subscribe";

const SUBPROTOCOL = "stripecli-devproxy-v1";

/** It tells a session that is no longer known by these words, and asks for a new one. */
const UNKNOWN_ID = JSON.stringify({ error: { message: "Unknown WebSocket ID." } });

/**
 * The connections of `stripe listen`, which forwards each event to an address that only its own
 * machine may reach, and of `stripe logs tail`. All goes out once; nothing waits for an answer.
 */
export class CliSockets {
  readonly #state: State;
  readonly #server = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  });
  readonly #sessions = new Map<WebSocket, CliSession>();

  constructor(state: State) {
    this.#state = state;
  }

  /** Takes a connection over where it names a session, and refuses any other. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const session = this.#state.cliSessions.get(String(request.headers["websocket-id"]));
    const path = request.url?.split("?")[0];
    if (session === undefined || path !== SOCKET_PATH) {
      socket.end(
        `HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\n` +
          `Content-Length: ${UNKNOWN_ID.length}\r\nConnection: close\r\n\r\n${UNKNOWN_ID}`,
      );
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (connection) => {
      this.#sessions.set(connection, session);
      connection.on("error", () => connection.terminate());
      connection.on("close", () => this.#sessions.delete(connection));
    });
  }

  /** Sends events, in their order, to every connection that asked for them. */
  async send(events: readonly WireEvent[]): Promise<void> {
    for (const event of this.#sessions.size === 0 ? [] : events) {
      for (const [connection, { secret, logs }] of this.#sessions) {
        for (const message of logs === null ? await messagesOf(event, secret) : []) {
          connection.send(message);
        }
      }
    }
  }

  /** Tells of a request every connection that asked for such. */
  tell(log: RequestLog): void {
    for (const [connection, { logs }] of this.#sessions) {
      if (logs !== null && isAskedFor(logs, log)) {
        connection.send(logMessage(log));
      }
    }
  }

  /** Drops every connection. */
  close(): void {
    for (const connection of this.#sessions.keys()) {
      connection.terminate();
    }
  }
}

/** One message for who listens in the account's version, one for who passed `--latest`. */
async function messagesOf(event: WireEvent, secret: string): Promise<string[]> {
  const payload = JSON.stringify(event, null, 2);
  const headers = await signedHeaders(payload, secret);
  return [null, API_VERSION].map((version) =>
    JSON.stringify({
      type: "webhook_event",
      endpoint: { api_version: version },
      event_payload: payload,
      http_headers: headers,
      webhook_conversation_id: newId("wc"),
      webhook_id: newId("wh"),
    }),
  );
}
