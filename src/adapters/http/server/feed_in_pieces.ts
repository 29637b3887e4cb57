import type { Server } from "node:http";
import type { Socket } from "node:net";

const END_OF_HEADERS = "\r\n\r\n";
/** Short requests may share a piece; long ones, and parts of bodies, are not cut up for nothing. */
const LEAST_BYTES = 512;

/**
 * Feeds what comes over a connection to Node's parser in pieces of about one request. By itself the
 * parser takes all that has arrived, and makes thousands of requests of it before anybody can refuse
 * the second one: 64 KiB of the shortest take 20 MB. So a connection that is cut off at a request
 * brings no more of them. Runtimes whose servers read in another way are left alone.
 */
export function feedInPieces(server: Server): void {
  server.on("connection", (socket: Socket) => {
    const feeds = socket.listeners("data");
    if (feeds.length === 0) {
      return;
    }
    socket.removeAllListeners("data");
    socket.on("data", (chunk: Buffer) => {
      for (let from = 0, to = 0; from < chunk.length && !socket.destroyed; from = to) {
        to = endOfPiece(chunk, from);
        const piece = from === 0 && to === chunk.length ? chunk : chunk.subarray(from, to);
        for (const feed of feeds) {
          feed.call(socket, piece);
        }
      }
    });
  });
}

/** Where a part of what has arrived ends: where headers do, after so many bytes at least. */
function endOfPiece(chunk: Buffer, from: number): number {
  const least = from + LEAST_BYTES - END_OF_HEADERS.length;
  const found = least < chunk.length ? chunk.indexOf(END_OF_HEADERS, least) : -1;
  return found === -1 ? chunk.length : found + END_OF_HEADERS.length;
}
