import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { expect } from "chai";
import { type Browser, chromium } from "playwright-core";

const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * Declares a suite that has a Chromium of its own, the one on the PATH. Where there is none the
 * suite says so in place of its tests; with `REQUIRE_CHROMIUM=1` that is a failure.
 */
export function describeInChromium(title: string, declare: (browser: () => Browser) => void): void {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    process.stderr.write(`\n*** ${title}: DID NOT RUN, no chromium on the PATH\n\n`);
    describe(title, () => {
      it("DID NOT RUN, which is allowed where REQUIRE_CHROMIUM is not set", () => {
        expect(process.env.REQUIRE_CHROMIUM).to.not.equal("1");
      });
    });
    return;
  }
  describe(title, function () {
    this.timeout(180_000);
    let browser: Browser | undefined;

    before(async () => {
      browser = await launchChromium(executablePath);
    });

    after(() => browser?.close());

    declare(() => {
      if (browser === undefined) {
        throw new Error("The browser is there once the suite has begun");
      }
      return browser;
    });
  });
}

/** The Chromium on the PATH, or `undefined`. */
export function findChromium(path = process.env.PATH ?? ""): string | undefined {
  return path
    .split(delimiter)
    .map((folder) => join(folder, "chromium"))
    .find(isExecutable);
}

/** Starts Chromium without a window, and without calls of its own to the internet. */
export function launchChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: ARGUMENTS });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
