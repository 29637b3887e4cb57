import { once } from "node:events";
import { createConnection, createServer, type Server, type Socket } from "node:net";
import mongoose from "mongoose";

const OP_MSG = 2013;
const HEADER_BYTES = 16;
const BODY_OFFSET = 21;
const HEARTBEATS = ["hello", "isMaster", "ismaster", "ping", "endSessions"];

/**
 * How a proxy treats its connections:
 *
 * - `pass`: as if it were not there.
 * - `refuse`: ends those that there are, and new ones at once.
 * - `hang`: keeps them, and lets nothing through.
 * - `lose_replies`: commands take place, but the connection ends in place of the reply.
 * - an object: commands do not take place; it is the reply. Heartbeats pass.
 */
export type ProxyMode =
  | "pass"
  | "refuse"
  | "hang"
  | "lose_replies"
  | Readonly<Record<string, unknown>>;

/** A way to a MongoDB server that can be disturbed. */
export class MongoProxy {
  /** How connections are treated from now on. */
  #mode: ProxyMode = "pass";
  readonly #target: { readonly host: string; readonly port: number };
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** The names of the commands that were let through or answered, heartbeats left out. */
  readonly commands: string[] = [];

  constructor(target: { readonly host: string; readonly port: number }) {
    this.#target = target;
    this.#server = createServer((client) => this.#accept(client));
  }

  /** Begins to listen; answers `host:port`. */
  async open(): Promise<string> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    const address = this.#server.address();
    return `127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  }

  /** Treats connections differently from now on. */
  become(mode: ProxyMode): void {
    this.#mode = mode;
    if (mode === "refuse") {
      this.#endAll();
    }
  }

  /** Ends all connections, and takes no new ones. */
  close(): void {
    this.#server.close();
    this.#endAll();
  }

  #endAll(): void {
    for (const socket of this.#sockets) {
      socket.destroy();
    }
  }

  #accept(client: Socket): void {
    if (this.#mode === "refuse") {
      client.destroy();
      return;
    }
    const upstream = createConnection(this.#target);
    const state = { isCommand: false };
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      this.#sockets.add(socket);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
    client.on(
      "data",
      messages((message) => this.#forward(message, { client, upstream, state })),
    );
    upstream.on("data", (bytes) => {
      if (this.#mode === "lose_replies" && state.isCommand) {
        client.destroy();
      } else if (this.#mode !== "hang") {
        client.write(bytes);
      }
    });
  }

  #forward(
    message: Buffer,
    {
      client,
      upstream,
      state,
    }: { client: Socket; upstream: Socket; state: { isCommand: boolean } },
  ): void {
    if (this.#mode === "hang") {
      return;
    }
    const command = commandName(message);
    state.isCommand = command !== undefined && !HEARTBEATS.includes(command);
    if (command !== undefined && state.isCommand) {
      this.commands.push(command);
    }
    if (state.isCommand && typeof this.#mode === "object") {
      client.write(reply(message, this.#mode));
    } else {
      upstream.write(message);
    }
  }
}

/** Puts chunks of bytes together to whole messages. */
function messages(handle: (message: Buffer) => void): (bytes: Buffer) => void {
  let pending = Buffer.alloc(0);
  return (bytes) => {
    pending = Buffer.concat([pending, bytes]);
    while (pending.length >= 4 && pending.length >= pending.readInt32LE(0)) {
      const length = pending.readInt32LE(0);
      handle(pending.subarray(0, length));
      pending = pending.subarray(length);
    }
  };
}

function commandName(message: Buffer): string | undefined {
  if (message.readInt32LE(12) !== OP_MSG) {
    return undefined;
  }
  const body = message.subarray(BODY_OFFSET, BODY_OFFSET + message.readInt32LE(BODY_OFFSET));
  return Object.keys(mongoose.mongo.BSON.deserialize(body))[0];
}

function reply(request: Buffer, document: Readonly<Record<string, unknown>>): Buffer {
  const body = mongoose.mongo.BSON.serialize(document);
  const head = Buffer.alloc(BODY_OFFSET);
  head.writeInt32LE(BODY_OFFSET + body.length, 0);
  head.writeInt32LE(1, 4);
  head.writeInt32LE(request.readInt32LE(4), 8);
  head.writeInt32LE(OP_MSG, 12);
  head.writeInt32LE(0, HEADER_BYTES);
  return Buffer.concat([head, body]);
}

/** A URL's only host, or `undefined` where a proxy cannot take its place. */
export function soleHost(url: string): { host: string; port: number } | undefined {
  const match = /^mongodb:\/\/(?:[^@/]*@)?([^:,/?]+)(?::(\d+))?(?:[/?]|$)/.exec(url);
  return match?.[1] === undefined || /[?&](?:tls|ssl)=true/.test(url)
    ? undefined
    : { host: match[1], port: Number(match[2] ?? 27_017) };
}

/** The URL with a proxy in its host's place, and with some more options. */
export function throughProxy(url: string, proxyHost: string, options: string): string {
  const proxied = new URL(url);
  proxied.host = proxyHost;
  for (const [name, value] of new URLSearchParams(`directConnection=true&${options}`)) {
    proxied.searchParams.set(name, value);
  }
  return proxied.href;
}
