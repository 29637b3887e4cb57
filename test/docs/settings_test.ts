import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { SERVICE_SETTINGS, SETTINGS_BY_SUBJECT } from "../../src/composition/service_settings.ts";
import { settingsDocument } from "../../src/composition/settings_document.ts";

describe("docs/settings.md", () => {
  it("is what `npm run docs` writes from the declarations", async () => {
    expect(await readFile("docs/settings.md", "utf8")).to.equal(settingsDocument());
  });

  it("has a line for every setting, once", () => {
    const subjects = Object.values(SETTINGS_BY_SUBJECT).flatMap((part) => Object.keys(part));
    expect(subjects.toSorted()).to.deep.equal(Object.keys(SERVICE_SETTINGS).toSorted());
    const lines = settingsDocument().split("\n");
    for (const name of subjects) {
      expect(lines.filter((line) => line.startsWith(`| \`${name}\``))).to.have.length(1, name);
    }
  });

  it("shows no default that is a secret's, and says of each what holds without it", () => {
    for (const [name, setting] of Object.entries(SERVICE_SETTINGS)) {
      expect(setting.isSecret && setting.defaultText === null, name).to.equal(false);
      expect(setting.default === null && setting.defaultText === null, name).to.equal(false);
      expect(setting.meaning, name).to.not.equal("");
    }
  });
});
