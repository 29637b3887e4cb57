import { once } from "node:events";
import { createConnection, createServer, type Server, type Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { PlayedReplicaSet, SET_NAME } from "./played_replica_set.ts";
import {
  answerIn,
  answerTo,
  commandIn,
  messages,
  type WireCommand,
  type WireDocument,
  withDocument,
} from "./wire.ts";

/** What drivers and servers say to each other unasked; it always passes. */
const HOUSEKEEPING = [
  "hello",
  "isMaster",
  "ismaster",
  "ping",
  "endSessions",
  "saslStart",
  "saslContinue",
];

/**
 * What becomes of one command:
 *
 * - `pass`: it takes place, perhaps later, and its answer comes, perhaps later.
 * - `answer`: it does not take place; this is the answer.
 * - `change`: it takes place, and another answer comes.
 * - `cut_before`, `cut_after`: the connection ends before or after it took place.
 * - `hang`: it does not take place, and no answer comes.
 */
export type Fate =
  | { readonly do: "pass"; readonly beforeMs?: number; readonly afterMs?: number }
  | { readonly do: "answer"; readonly answer: WireDocument }
  | { readonly do: "change"; readonly change: (answer: WireDocument) => WireDocument }
  | { readonly do: "cut_before" | "cut_after" | "hang" };

/** Decides on each command, in the order in which they come. */
export type Decide = (command: WireCommand) => Fate;

/**
 * How a proxy treats its connections:
 *
 * - `pass`: as if it were not there.
 * - `refuse`: ends those that there are, and new ones at once.
 * - `hang`: keeps them, and lets nothing through.
 * - `lose_replies`: commands take place, but the connection ends in place of the reply.
 * - an object: commands do not take place; it is the reply.
 * - a function decides on each command.
 */
export type ProxyMode =
  | "pass"
  | "refuse"
  | "hang"
  | "lose_replies"
  | Readonly<Record<string, unknown>>
  | Decide;

/** One connection: a driver sends the next command when it has the answer to the last one. */
interface Link {
  readonly client: Socket;
  readonly upstream: Socket;
  command?: WireCommand | undefined;
  fate?: Fate | undefined;
}

/** A way to a MongoDB server that can be disturbed. */
export class MongoProxy {
  /** The names of the commands that were let through or answered, housekeeping left out. */
  readonly commands: string[] = [];
  /** How many commands overtook others. */
  overtakings = 0;
  /** The replica set that it plays, where it does. */
  set: PlayedReplicaSet | undefined;
  #mode: ProxyMode = "pass";
  #latest = 0;
  readonly #target: { readonly host: string; readonly port: number };
  readonly #playsSet: boolean;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  /** @param options `playsSet`: whether the server looks like a replica set's primary */
  constructor(
    target: { readonly host: string; readonly port: number },
    { playsSet = false }: { readonly playsSet?: boolean } = {},
  ) {
    this.#target = target;
    this.#playsSet = playsSet;
    this.#server = createServer((client) => this.#accept(client));
  }

  /** Begins to listen; answers `host:port`. */
  async open(): Promise<string> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    const address = this.#server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    this.set = this.#playsSet ? new PlayedReplicaSet(`127.0.0.1:${port}`) : undefined;
    return `127.0.0.1:${port}`;
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
    const link: Link = { client, upstream: createConnection(this.#target) };
    for (const [socket, other] of [
      [client, link.upstream],
      [link.upstream, client],
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
      messages((message) => void this.#forward(message, link)),
    );
    link.upstream.on(
      "data",
      messages((message) => void this.#answer(message, link)),
    );
  }

  async #forward(message: Buffer, link: Link): Promise<void> {
    if (this.#mode === "hang") {
      return;
    }
    const command = commandIn(message);
    const isHousekeeping = command === undefined || HOUSEKEEPING.includes(command.name);
    link.command = isHousekeeping ? undefined : command;
    link.fate = link.command && this.#fateOf(link.command);
    if (link.command === undefined || link.fate === undefined) {
      link.upstream.write(message);
      return;
    }
    this.commands.push(link.command.name);
    const number = this.commands.length;
    const { fate } = link;
    if (fate.do === "pass" && fate.beforeMs) {
      await wait(fate.beforeMs);
    }
    this.overtakings += number < this.#latest ? 1 : 0;
    this.#latest = Math.max(number, this.#latest);
    if (fate.do === "cut_before") {
      link.client.destroy();
    } else if (fate.do === "answer") {
      link.client.write(answerTo(message, fate.answer));
    } else if (fate.do !== "hang") {
      await this.#execute(message, link.command, link);
    }
  }

  async #execute(message: Buffer, command: WireCommand, link: Link): Promise<void> {
    const known = this.set?.remembered(command);
    if (known !== undefined) {
      await this.#answer(answerTo(message, known), link);
    } else {
      const plain = this.set?.plain(message);
      link.upstream.write(plain === undefined ? message : withDocument(message, plain));
    }
  }

  async #answer(message: Buffer, { client, command, fate }: Link): Promise<void> {
    if (this.#mode === "hang") {
      return;
    }
    if (command === undefined || fate === undefined) {
      client.write(
        this.set ? withDocument(message, this.set.greeting(answerIn(message))) : message,
      );
      return;
    }
    this.set?.remember(command, answerIn(message));
    if (fate.do === "pass" && fate.afterMs) {
      await wait(fate.afterMs);
    }
    if (fate.do === "cut_after" || this.#mode === "lose_replies") {
      client.destroy();
    } else if (fate.do === "change") {
      client.write(withDocument(message, fate.change(answerIn(message))));
    } else {
      client.write(message);
    }
  }

  #fateOf(command: WireCommand): Fate {
    const mode = this.#mode;
    if (typeof mode === "function") {
      return mode(command);
    }
    return typeof mode === "object" ? { do: "answer", answer: mode } : { do: "pass" };
  }
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
  return proxied(url, proxyHost, `directConnection=true&${options}`);
}

/** The URL of a replica set that a proxy plays, with some more options. */
export function throughSet(url: string, proxyHost: string, options: string): string {
  const own = `replicaSet=${SET_NAME}&retryWrites=true&serverMonitoringMode=poll`;
  return proxied(url, proxyHost, `${own}&${options}`);
}

function proxied(url: string, proxyHost: string, options: string): string {
  const address = new URL(url);
  address.host = proxyHost;
  for (const [name, value] of new URLSearchParams(options)) {
    address.searchParams.set(name, value);
  }
  return address.href;
}
