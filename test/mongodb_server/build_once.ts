import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const CACHE = fileURLToPath(new URL("../../node_modules/.cache/mongodb_server", import.meta.url));
const BUILD_LIMIT_MS = 600_000;

const execute = promisify(execFile);

/** The file of that name in this folder. */
export function sourceFile(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

/** A new folder for a server's data and log. Those of processes that are gone are removed. */
export function dataFolder(): string {
  mkdirSync(CACHE, { recursive: true });
  for (const name of readdirSync(CACHE)) {
    const owner = /^data_(\d+)_/.exec(name)?.[1];
    if (owner !== undefined && !isRunning(Number(owner))) {
      rmSync(join(CACHE, name), { recursive: true, force: true });
    }
  }
  const folder = join(CACHE, `data_${process.pid}_${Date.now()}`);
  mkdirSync(folder);
  return folder;
}

/** Whether there is a process with that id. */
export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/**
 * The folder with what `build` made of the sources. It is built only where no earlier run has
 * built the same sources; several runs may do so at once.
 *
 * @param build puts its results into the folder it is given
 */
export async function buildOnce(
  name: string,
  sources: readonly string[],
  build: (folder: string) => Promise<void>,
): Promise<string> {
  const hash = createHash("sha256");
  for (const source of sources) {
    hash.update(readFileSync(sourceFile(source)));
  }
  return await makeOnce(join(CACHE, `${name}_${hash.digest("hex").slice(0, 16)}`), build);
}

/** The folder, made by `build` unless it is there. Several processes may ask for it at once. */
export async function makeOnce(
  folder: string,
  build: (folder: string) => Promise<void>,
): Promise<string> {
  if (!existsSync(folder)) {
    const unfinished = `${folder}.${process.pid}`;
    mkdirSync(unfinished, { recursive: true });
    await build(unfinished);
    try {
      renameSync(unfinished, folder);
    } catch (error) {
      rmSync(unfinished, { recursive: true });
      if (!existsSync(folder)) {
        throw error;
      }
    }
  }
  return folder;
}

/** Runs a command to its end. Throws when it is not there or fails. */
export async function run(
  command: string,
  parameters: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<void> {
  await execute(command, parameters, { ...options, timeout: BUILD_LIMIT_MS });
}
