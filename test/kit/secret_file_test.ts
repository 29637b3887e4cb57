import { readdir, readFile, stat } from "node:fs/promises";
import { expect } from "chai";
import { withSecretFile } from "../../src/kit/secret_file.ts";
import { useTemporaryFolder } from "../rig/temporary_folder.ts";

describe("withSecretFile", () => {
  const inFolder = useTemporaryFolder();
  let path: string;
  beforeEach(() => {
    path = inFolder("secret");
  });

  it("keeps a secret that only its owner can read", async () => {
    const answer = await withSecretFile(path, async (keep) => {
      expect((await stat(path)).mode & 0o777, "before there is a secret").to.equal(0o600);
      await keep("whsec_canary");
      return "answer";
    });
    expect(answer).to.equal("answer");
    expect(await readFile(path, "utf8")).to.equal("whsec_canary\n");
    expect((await stat(path)).mode & 0o777).to.equal(0o600);
  });

  it("leaves no file where no secret came, whether the work failed or not", async () => {
    await withSecretFile(path, async () => undefined);
    const failure = new Error("Cannot create the endpoint");
    const thrown = await withSecretFile(path, () => Promise.reject(failure)).catch(
      (error: unknown) => error,
    );
    expect(thrown).to.equal(failure);
    expect(await readdir(inFolder())).to.deep.equal([]);
  });

  it("keeps the secret where the work fails after it came", async () => {
    await withSecretFile(path, async (keep) => {
      await keep("whsec_canary");
      throw new Error("Cannot go on");
    }).catch(() => undefined);
    expect(await readFile(path, "utf8")).to.equal("whsec_canary\n");
  });

  it("overwrites nothing, and does no work then", async () => {
    await withSecretFile(path, (keep) => keep("whsec_first"));
    let worked = false;
    const error = await withSecretFile(path, async () => {
      worked = true;
    }).catch((thrown: unknown) => thrown);
    expect((error as Error).message).to.equal(`Cannot create ${path}: it exists already`);
    expect(worked).to.equal(false);
    expect(await readFile(path, "utf8")).to.equal("whsec_first\n");
  });
});
