import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A new, empty folder that `remove` deletes with all that is in it. */
export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "billing-sqlite-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Declares that each test of the suite gets a new folder; answers a path in it. */
export function useTemporaryFolder(): (...parts: string[]) => string {
  let folder: ReturnType<typeof temporaryFolder> | undefined;

  beforeEach(() => {
    folder = temporaryFolder();
  });

  afterEach(() => folder?.remove());

  return (...parts) => join(folder?.path ?? "", ...parts);
}
