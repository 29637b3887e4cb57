import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Orders } from "./crash_orders.ts";

const PROGRAM = fileURLToPath(new URL("crashing_service.ts", import.meta.url));

/** Compiling the sources anew for every life would take most of the time. */
const COMPILE_CACHE = fileURLToPath(new URL("../../node_modules/.cache/compiled", import.meta.url));

/** A process of the service that can be killed at any moment. */
export class Killable {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  readonly #loaded: Promise<void>;
  #output = "";

  /** Its id while it runs. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Begins to load the program for a kind of store; nothing is opened before `start`. */
  constructor(kind: Orders["store"]["kind"]) {
    this.#child = spawn(process.execPath, [PROGRAM, kind], {
      env: { ...process.env, NODE_COMPILE_CACHE: COMPILE_CACHE },
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.#ended = once(this.#child, "exit");
    this.#child.stdin?.on("error", () => undefined);
    this.#child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.#output += text;
      this.#child.emit("printed");
    });
    this.#loaded = this.#printed("loaded");
  }

  /** Resolves when the service listens. */
  async start(orders: Orders): Promise<void> {
    await this.#loaded;
    this.#tell(orders);
    await this.#printed("listening");
  }

  /** Resolves while the service is still opening its store. */
  async beginToStart(orders: Orders): Promise<void> {
    await this.#loaded;
    this.#tell(orders);
    await this.#printed("starting");
  }

  /** Moves the process's clock, and resolves when it has made so many more calls of its store. */
  async work(orders: Orders): Promise<void> {
    this.#tell(orders);
    await this.#printed("reached");
  }

  #tell(orders: Orders): void {
    this.#child.stdin?.write(`${JSON.stringify(orders)}\n`);
  }

  /** Ends the process in the middle of whatever it does. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#ended;
  }

  #printed(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => {
        if (this.#output.includes(text)) {
          resolve();
        }
      };
      this.#child.on("printed", look);
      this.#child.once("exit", (code) => reject(new Error(`Ended with ${code} before "${text}"`)));
      look();
    });
  }
}
