import { writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import { AssetCollector } from "../../../src/adapters/dashboard/client_assets.ts";
import { useTemporaryFolder } from "../../rig/temporary_folder.ts";

describe("AssetCollector", () => {
  const inFolder = useTemporaryFolder();

  async function collect(files: Readonly<Record<string, string>>) {
    for (const [name, text] of Object.entries(files)) {
      await writeFile(inFolder(name), text);
    }
    const collector = new AssetCollector();
    const name = await collector.addModule(pathToFileURL(inFolder("main.js")));
    return { name, assets: collector.assets };
  }

  const FILES = {
    "main.js":
      'import { a } from "./a.js";\nimport text from "./style.css";\nconsole.log(a, text);',
    "a.js": 'export const a = "./a.js";',
    "style.css": 'p { content: "x"; }\n/*# sourceMappingURL=style.css.map */\n',
  };

  it("names modules by their content and rewrites what they import, and nothing else", async () => {
    const { name, assets } = await collect(FILES);
    expect(name).to.match(/^main-[0-9a-f]{16}\.js$/);
    expect(assets.get(name)?.content).to.match(
      /^import \{ a \} from "\.\/a-[0-9a-f]{16}\.js";\nimport text from "\.\/style-[0-9a-f]{16}\.js";/,
    );
    const a = [...assets.values()].find((asset) => asset.name.startsWith("a-"));
    expect(a?.content).to.equal(FILES["a.js"]);
    expect([...assets.keys()].at(-1), "importers come last").to.equal(name);
  });

  it("hands style sheets to modules as their text", async () => {
    const { assets } = await collect(FILES);
    const style = [...assets.values()].find((asset) => asset.name.startsWith("style-"));
    expect(style).to.include({
      type: "text/javascript",
      content: `export default ${JSON.stringify('p { content: "x"; }\n')};\n`,
    });
  });

  it("renames a module and its importers when it changes, and no other one", async () => {
    const before = await collect({ ...FILES, "main.js": `${FILES["main.js"]} // 1` });
    const after = await collect({ ...FILES, "a.js": "export const a = 2;" });
    const kept = [...after.assets.keys()].filter((name) => before.assets.has(name));
    expect(kept).to.have.length(1);
    expect(kept[0]).to.match(/^style-/);
  });

  it("finds packages, and takes each of them once", async () => {
    const { assets } = await collect({
      "main.js": 'import { html } from "htm/preact"; import { h } from "preact"; h(html);',
    });
    const names = [...assets.keys()].map((name) => name.replace(/-[0-9a-f]+/, ""));
    expect(names.filter((name) => name === "preact.js")).to.have.length(1);
    for (const { content } of assets.values()) {
      expect(content).not.to.match(/from\s*"[^.]/);
      expect(content).not.to.include("sourceMappingURL");
    }
  });

  it("refuses modules that import each other, and imports that it cannot rewrite", async () => {
    const problems: unknown[] = [];
    const circle = { "main.js": 'import "./a.js";', "a.js": 'import "./main.js";' };
    await collect(circle).catch((error: unknown) => problems.push(error));
    await collect({ "main.js": 'await import("./a.js");' }).catch((error: unknown) =>
      problems.push(error),
    );
    expect(problems.map(String)).to.have.length(2);
    expect(String(problems[0])).to.match(/main\.js imports itself$/);
    expect(String(problems[1])).to.match(/Cannot rewrite a dynamic import: .*main\.js has one$/);
  });
});
