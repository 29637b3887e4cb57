import { connect, type Socket } from "node:net";

/** A connection with all that came over it. */
export interface Client {
  readonly socket: Socket;
  readonly received: () => string;
  readonly closed: Promise<void>;
}

/** Connects to a local server and sends a text as it is. */
export function openConnection(port: number, text: string): Promise<Client> {
  return new Promise((resolve) => {
    let received = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(text));
    const closed = new Promise<void>((end) => {
      socket.once("close", () => end());
    });
    socket.on("error", () => socket.destroy());
    socket.on("data", (chunk) => {
      received += chunk.toString();
    });
    socket.once("connect", () => resolve({ socket, received: () => received, closed }));
  });
}
