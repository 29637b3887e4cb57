import { type ChildProcess, spawn } from "node:child_process";
import { openSync, readFileSync, rmSync } from "node:fs";
import { Socket } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { dataFolder } from "./build_once.ts";

const START_LIMIT_MS = 60_000;

/**
 * Starts a server that ends when its input ends, hence with this process, however that ends. It
 * does not keep this process alive.
 *
 * @param parameters answers the command's parameters; is given a folder for the server's data
 * @returns the first line that the server prints
 */
export async function startTethered(
  command: string,
  parameters: (folder: string) => readonly string[],
): Promise<string> {
  const folder = dataFolder();
  const logFile = join(folder, "server.log");
  const log = openSync(logFile, "w");
  const child = spawn(command, parameters(folder), { stdio: ["pipe", "pipe", log] });
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  try {
    return await firstLine(child);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const state = `${reason} ${readFileSync(logFile, "utf8")}`.slice(0, 2_000);
    throw new Error(`Cannot start ${command}: ${state}`, { cause: error });
  } finally {
    child.unref();
    for (const stream of [child.stdin, child.stdout]) {
      if (stream instanceof Socket) {
        stream.unref();
      }
    }
  }
}

async function firstLine(child: ChildProcess): Promise<string> {
  const signal = AbortSignal.timeout(START_LIMIT_MS);
  const failure = new Promise<never>((_, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`it ended with code ${code}`)));
    signal.addEventListener("abort", () => reject(signal.reason));
  });
  if (child.stdout === null) {
    throw new TypeError("Cannot read the output of a process that has none");
  }
  const line = createInterface(child.stdout)[Symbol.asyncIterator]().next();
  const { value } = await Promise.race([line, failure]);
  if (typeof value !== "string") {
    return failure;
  }
  return value;
}
