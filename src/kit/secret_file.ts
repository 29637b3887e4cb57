import { type FileHandle, open, rm } from "node:fs/promises";

/**
 * Lets `work` keep a secret in a new file that only its owner can read. The file is created first,
 * so that a secret is never made without a place for it, and removed if none was kept.
 *
 * @throws {Error} when the file exists already or cannot be made
 */
export async function withSecretFile<T>(
  path: string,
  work: (keep: (secret: string) => Promise<void>) => Promise<T>,
): Promise<T> {
  const file = await create(path);
  let kept = false;
  try {
    return await work(async (secret) => {
      await file.writeFile(`${secret}\n`);
      await file.sync();
      kept = true;
    });
  } finally {
    await file.close();
    if (!kept) {
      await rm(path, { force: true });
    }
  }
}

async function create(path: string): Promise<FileHandle> {
  try {
    return await open(path, "wx", 0o600);
  } catch (cause) {
    const exists = cause instanceof Error && "code" in cause && cause.code === "EEXIST";
    const reason = exists ? "it exists already" : "its folder is missing or cannot be written to";
    throw new Error(`Cannot create ${path}: ${reason}`, { cause });
  }
}
