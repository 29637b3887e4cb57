import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqliteStore } from "../../src/adapters/sqlite/open_sqlite_store.ts";
import { type Program, runProgram } from "../e2e/program.ts";
import { imageCommand } from "../rig/image_command.ts";
import { fullCatalog } from "../samples/catalog.ts";

/** The service as a process of its own, whose memory is nobody else's. */
export interface ServiceProcess {
  readonly url: string;
  readonly port: number;
  readonly program: Program;
  /** What it holds in memory now. MiB. */
  residentMib(): Promise<number>;
  close(): Promise<void>;
}

/** Starts it with as much memory as the image gives it, on a free port and an empty database. */
export async function startServiceProcess(
  env: Readonly<Record<string, string>> = {},
): Promise<ServiceProcess> {
  const folder = await mkdtemp(join(tmpdir(), "attacked-"));
  const path = join(folder, "billing.db");
  const store = openSqliteStore(path);
  await store.catalog.save(fullCatalog());
  await store.close();
  const memory = imageCommand().filter((flag) => flag.startsWith("--max-"));
  const program = runProgram(process.execPath, [...memory, "src/main.ts"], {
    cwd: process.cwd(),
    env: {
      PORT: "0",
      SQLITE_PATH: path,
      STRIPE_SECRET_KEY: "sk_test_unused",
      STRIPE_WEBHOOK_SECRETS: `whsec_${"a1B2".repeat(8)}`,
      ...env,
    },
  });
  const [, url = ""] = await program.printed(/"url":"(http:\/\/[^"]+)"/);
  return {
    url,
    port: Number(new URL(url).port),
    program,
    async residentMib() {
      const status = await readFile(`/proc/${program.pid}/status`, "utf8");
      return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1_024;
    },
    async close() {
      program.kill();
      await program.exited();
      await rm(folder, { recursive: true });
    },
  };
}
