import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";

const USAGE_REPORTER = new URL("../servers/report_usage.js", import.meta.url).href;

/** What a process has used since it started. Bytes, microseconds. */
export interface Usage {
  readonly cpuMicros: number;
  readonly rss: number;
  readonly maxRss: number;
}

/** How to start a server that is measured. */
export interface MeasuredServerOptions {
  readonly program: URL;
  /** What it reads as JSON from its first argument; `words` are passed as they are. */
  readonly given?: object;
  readonly words?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Where its log goes. */
  readonly logFile: string;
  readonly nodeOptions?: readonly string[];
}

/** A server in a process of its own, so that only its work is counted. */
export class MeasuredServer {
  readonly #child: ChildProcess;

  constructor(options: MeasuredServerOptions) {
    const log = openSync(options.logFile, "a");
    const words = options.given === undefined ? [] : [JSON.stringify(options.given)];
    this.#child = fork(options.program, [...words, ...(options.words ?? [])], {
      execArgv: [`--import=${USAGE_REPORTER}`, ...(options.nodeOptions ?? [])],
      stdio: ["ignore", log, "inherit", "ipc"],
      ...(options.env && { env: options.env }),
    });
    closeSync(log);
  }

  /** Starts a server that says its address once it listens. */
  static async start(options: MeasuredServerOptions): Promise<MeasuredServer & { url: string }> {
    const server = new MeasuredServer(options);
    return Object.assign(server, { url: await server.#answer<string>("url") });
  }

  /** What it has used so far. */
  async usage(): Promise<Usage> {
    this.#child.send("usage");
    return await this.#answer<Usage>("usage");
  }

  /** Waits until it has ended all work that requests have left behind. */
  async settle(): Promise<void> {
    this.#child.send("settle");
    await this.#answer("settled");
  }

  /** How many requests it has sent to Stripe so far. */
  async stripeCalls(): Promise<number> {
    this.#child.send("stripeCalls");
    return await this.#answer<number>("stripeCalls");
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.kill("SIGTERM");
      await once(this.#child, "exit");
    }
  }

  #answer<T>(name: string): Promise<T> {
    return new Promise((resolve, reject) => {
      const stop = () => {
        this.#child.off("message", heard);
        this.#child.off("exit", ended);
      };
      const heard = (message: unknown) => {
        const value: unknown = Reflect.get(Object(message), name);
        if (value !== undefined) {
          stop();
          resolve(value as T);
        }
      };
      const ended = (code: number | null) => {
        stop();
        reject(new Error(`Cannot measure: the server ended with ${code}`));
      };
      this.#child.on("message", heard);
      this.#child.once("exit", ended);
    });
  }
}
