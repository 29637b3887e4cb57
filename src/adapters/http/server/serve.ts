import {
  createServer,
  type RequestListener,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { setTimeout } from "node:timers/promises";
import { listenError } from "../../../kit/listen_error.ts";
import type { Log } from "../../../kit/log.ts";
import { feedInPieces } from "./feed_in_pieces.ts";

/** How long clients may take. Milliseconds. */
export interface ServerTimeouts {
  /** For the headers of a request. */
  readonly headersMs: number;
  /** For a whole request, its body included. */
  readonly requestMs: number;
  /** Between two requests on one connection. */
  readonly keepAliveMs: number;
  /** Without a byte in either direction. */
  readonly idleMs: number;
  /** How often the first two are enforced. */
  readonly checkMs: number;
}

/** Where and how to listen. */
export interface ServeOptions {
  /** 0: any free port. */
  readonly port: number;
  readonly host: string;
  /** What the port is called in the settings. Default: `PORT`. */
  readonly setting?: string | undefined;
  readonly logger: Pick<Log, "warn" | "error">;
  readonly timeouts?: Partial<ServerTimeouts> | undefined;
  /** More are closed as they come. Default: 2,000. */
  readonly maxConnections?: number | undefined;
}

/** A server that listens. */
export interface RunningServer {
  /** Where this machine reaches it. */
  readonly url: string;
  readonly port: number;
  /**
   * Goes on for a while, in which whoever chooses between servers can find another: each answer
   * ends its connection, so that clients come back elsewhere and none is left when this one closes.
   */
  drain(ms: number): Promise<void>;
  /**
   * Takes no more connections, ends idle ones at once, lets requests in flight finish, and cuts
   * off whatever is left after `graceMs` (default 10,000). Calling it again waits for the same end.
   */
  close(graceMs?: number): Promise<void>;
}

const TIMEOUTS: ServerTimeouts = {
  headersMs: 10_000,
  requestMs: 30_000,
  keepAliveMs: 10_000,
  idleMs: 60_000,
  checkMs: 2_000,
};
const GRACE_MS = 10_000;
/** Requests of one connection; clients that wait for their answers have one. */
const MOST_UNANSWERED = 4;
/** Of a body that nobody reads yet; what comes beyond waits in the network. */
const UNREAD_BYTES = 16_384;
const MAX_CONNECTIONS = 2_000;

/**
 * Serves an application over HTTP.
 *
 * @throws {Error} when the address cannot be listened on; the message says why
 */
export async function serve(app: RequestListener, options: ServeOptions): Promise<RunningServer> {
  const { host, logger } = options;
  const timeouts = { ...TIMEOUTS, ...options.timeouts };
  const server = createServer(serverOptions(timeouts));
  server.setTimeout(timeouts.idleMs);
  server.maxConnections = options.maxConnections ?? MAX_CONNECTIONS;
  const state = { isEnding: false };
  const inFlight = new Set<ServerResponse>();
  server.on("request", withoutFloods(tracked(app, { server, inFlight, state })));
  feedInPieces(server);
  await listen(server, options);
  const { port } = server.address() as AddressInfo;
  let closed: Promise<void> | undefined;
  return {
    url: `http://${reachableHost(host)}:${port}`,
    port,
    async drain(ms) {
      state.isEnding = true;
      endConnections(inFlight);
      await setTimeout(ms);
    },
    close(graceMs = GRACE_MS) {
      state.isEnding = true;
      closed ??= closeGracefully(server, { inFlight, graceMs, logger });
      return closed;
    },
  };
}

function serverOptions(timeouts: ServerTimeouts): ServerOptions {
  return {
    headersTimeout: timeouts.headersMs,
    requestTimeout: timeouts.requestMs,
    keepAliveTimeout: timeouts.keepAliveMs,
    connectionsCheckingInterval: timeouts.checkMs,
    highWaterMark: UNREAD_BYTES,
  };
}

/** Keeps which responses are in flight, and ends their connections when the server ends. */
function tracked(
  app: RequestListener,
  {
    server,
    inFlight,
    state,
  }: {
    server: Server;
    inFlight: Set<ServerResponse>;
    state: { readonly isEnding: boolean };
  },
): RequestListener {
  return (request, response) => {
    inFlight.add(response);
    if (state.isEnding) {
      response.setHeader("Connection", "close");
    }
    response.on("close", () => {
      inFlight.delete(response);
      if (!server.listening) {
        setImmediate(() => server.closeIdleConnections());
      }
    });
    app(request, response);
  };
}

/**
 * Cuts off whoever sends request after request without waiting for answers: one connection could
 * otherwise occupy the process with all that it sends.
 */
function withoutFloods(app: RequestListener): RequestListener {
  const unanswered = new WeakMap<Socket, { count: number }>();
  return (request, response) => {
    const { socket } = request;
    const here = unanswered.get(socket) ?? { count: 0 };
    if (socket.destroyed || here.count >= MOST_UNANSWERED) {
      socket.destroy();
      return;
    }
    here.count += 1;
    unanswered.set(socket, here);
    response.on("close", () => {
      here.count -= 1;
    });
    app(request, response);
  };
}

function listen(server: Server, options: ServeOptions): Promise<void> {
  const { port, host, logger, setting = "PORT" } = options;
  return new Promise((resolve, reject) => {
    const refuse = (error: Error) => reject(listenError(error, `${host}:${port}`, setting));
    server.once("error", refuse);
    server.listen({ port, host }, () => {
      server.off("error", refuse);
      server.on("error", (error) => logger.error({ err: error }, "The server failed"));
      resolve();
    });
  });
}

async function closeGracefully(
  server: Server,
  {
    inFlight,
    graceMs,
    logger,
  }: {
    inFlight: ReadonlySet<ServerResponse>;
    graceMs: number;
    logger: ServeOptions["logger"];
  },
): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  endConnections(inFlight);
  const timer = globalThis.setTimeout(() => {
    logger.warn({ inFlight: inFlight.size, graceMs }, "Cutting off requests that did not finish");
    server.closeAllConnections();
  }, graceMs);
  await ended;
  clearTimeout(timer);
}

function endConnections(inFlight: ReadonlySet<ServerResponse>): void {
  for (const response of inFlight) {
    if (!response.headersSent) {
      response.setHeader("Connection", "close");
    }
  }
}

function reachableHost(host: string): string {
  switch (host) {
    case "0.0.0.0":
      return "127.0.0.1";
    case "::":
      return "[::1]";
    default:
      return host.includes(":") ? `[${host}]` : host;
  }
}
