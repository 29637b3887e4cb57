import { connect, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { startServiceProcess } from "../service_process.ts";
import { startSpoiler } from "../spoiler.ts";
import type { Row, Table } from "../table.ts";

const SOCKETS = 300;
const LOOKS = 20;
const WARM_UP = 100;
const LONGEST_MS = 100;
const MOST_MIB = 64;
const SIGNATURE = `t=${Math.floor(Date.now() / 1_000)},v1=${"0".repeat(64)}`;

interface Kind {
  readonly first: string;
  /** What is sent on every 100 ms. */
  readonly more?: string;
}

/** What hostile clients send. */
const KINDS: Readonly<Record<string, Kind>> = {
  "sockets that say nothing": { first: "" },
  "headers that never end": { first: "GET /healthz HTTP/1.1\r\nHost: a\r\n", more: "X-A: b\r\n" },
  "bodies that never end": {
    first: `POST /billing/checkout HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n{`,
    more: " ",
  },
  "webhooks of 1 MB that never end": {
    first: `POST /billing/webhook HTTP/1.1\r\nHost: a\r\nStripe-Signature: ${SIGNATURE}\r\nContent-Length: 1000000\r\n\r\n${"x".repeat(900_000)}`,
    more: "x",
  },
  "webhooks in chunks that never end": {
    first: `POST /billing/webhook HTTP/1.1\r\nHost: a\r\nStripe-Signature: ${SIGNATURE}\r\nTransfer-Encoding: chunked\r\n\r\n`,
    more: `400\r\n${"x".repeat(1_024)}\r\n`,
  },
  "400 requests at once on each": {
    first: "GET /billing/plans HTTP/1.1\r\nHost: a\r\n\r\n".repeat(400),
  },
  "answers that nobody reads": {
    first: "GET /openapi.json HTTP/1.1\r\nHost: a\r\n\r\n".repeat(4),
  },
};

function open(port: number, first: string, isReading: boolean): Socket {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  if (isReading) {
    socket.resume();
  } else {
    socket.pause();
  }
  socket.write(first);
  return socket;
}

/** How long `/healthz` took each time, in milliseconds; infinite where it was not answered. */
async function healthMs(url: string): Promise<number[]> {
  const all: number[] = [];
  for (let look = 1; look <= LOOKS; look += 1) {
    const start = performance.now();
    const signal = AbortSignal.timeout(20 * LONGEST_MS);
    const status = await fetch(`${url}/healthz`, { signal }).then(
      async (answer) => {
        await answer.arrayBuffer();
        return answer.status;
      },
      () => 0,
    );
    all.push(status === 200 ? performance.now() - start : Number.POSITIVE_INFINITY);
    await pause(LONGEST_MS / 2);
  }
  return all;
}

/** Brings a service to where every kind of request has been answered before, as in its daily life. */
async function warmUp(url: string): Promise<void> {
  await healthMs(url);
  const headers = { "Stripe-Signature": SIGNATURE, "Content-Type": "application/json" };
  for (let n = 1; n <= WARM_UP; n += 1) {
    const webhook = { method: "POST", headers, body: "x".repeat(10_000) };
    const answers = [
      fetch(`${url}/billing/plans`),
      fetch(`${url}/openapi.json`),
      fetch(`${url}/billing/webhook`, webhook),
      fetch(`${url}/billing/checkout`, { method: "POST", headers, body: "{}" }),
    ];
    await Promise.all(answers.map(async (answer) => await (await answer).arrayBuffer()));
  }
}

/** One kind of them, at a service of its own. */
async function attackOf(
  [what, { first, more = "" }]: readonly [string, Kind],
  isSlow: boolean,
): Promise<readonly Row[]> {
  const service = await startServiceProcess({ RATE_LIMIT_PER_MINUTE: "1000000" });
  const slow = isSlow
    ? await startSpoiler(service.url, async (passing) => {
        await pause(2 * LONGEST_MS);
        return passing;
      })
    : null;
  await warmUp(service.url);
  const before = await service.residentMib();
  const isReading = !what.startsWith("answers");
  const sockets = Array.from({ length: SOCKETS }, () => open(service.port, first, isReading));
  const timer = setInterval(() => {
    for (const socket of sockets) {
      if (socket.writable && more !== "") {
        socket.write(more);
      }
    }
  }, LONGEST_MS);
  const took = (await healthMs(slow?.url ?? service.url)).toSorted((a, b) => a - b);
  const grown = (await service.residentMib()) - before;
  clearInterval(timer);
  for (const socket of sockets) {
    socket.destroy();
  }
  await slow?.close();
  await service.close();
  const typical = took[Math.floor(took.length / 2)] ?? Number.POSITIVE_INFINITY;
  return [
    {
      what: `${what}: /healthz answers within ${LONGEST_MS} ms (median ${typical.toFixed(0)}, worst ${took.at(-1)?.toFixed(0)})`,
      held: typical < LONGEST_MS,
    },
    {
      what: `${what}: memory grows by at most ${MOST_MIB} MiB (${grown.toFixed(0)})`,
      held: grown <= MOST_MIB,
    },
  ];
}

/** Hostile connections of every kind, which must neither slow nor bloat the service. */
export const SOCKET_TABLE: Table = {
  name: "sockets",
  plant: "health checks go through something that is slow",
  async attack(isPlanted) {
    const kinds = Object.entries(KINDS).slice(0, isPlanted ? 1 : undefined);
    const rows: Row[] = [];
    for (const kind of kinds) {
      rows.push(...(await attackOf(kind, isPlanted)));
    }
    return rows;
  },
};
