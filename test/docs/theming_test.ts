import { globSync, readFileSync } from "node:fs";
import { expect } from "chai";

const DOCUMENT = readFileSync("docs/embedding.md", "utf8");

function textOf(pattern: string): string {
  return globSync(pattern)
    .map((file) => readFileSync(file, "utf8"))
    .join("\n");
}

/** The first cell's names and the second cell of the rows of a table, by its heading. */
function tableRows(heading: string): [names: string[], second: string][] {
  const [, after = ""] = DOCUMENT.split(`\n| ${heading} |`);
  const [table = ""] = after.split("\n\n");
  return table
    .split("\n")
    .slice(2)
    .map((row) => {
      const [, first = "", second = ""] = row.split("|");
      return [[...first.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name), second.trim()];
    });
}

describe("the theming of the Billing page in the documentation", () => {
  it("names the custom properties of the styles with their defaults, and no others", () => {
    const styles = textOf("src/adapters/dashboard/client/styles/*.css").replaceAll(/\s+/g, " ");
    const used = [...styles.matchAll(/var\((--mailingcore-[a-z-]+), (.+?)\)(?:;| *;)/g)];
    const wanted = used.map(([, name = "", value = ""]) => [[name], `\`${value}\``]);
    expect(tableRows("custom property")).to.have.deep.members(wanted);
    expect(styles.match(/var\(--mailingcore/g)).to.have.length(wanted.length);
  });

  it("names the parts of the components, and no others", () => {
    const components = textOf("src/adapters/dashboard/client/components/*.js");
    const used = [...components.matchAll(/part=(?:"([a-z -]+)"|\$\{.*? \? "([a-z -]+)")/g)];
    const names = new Set(used.flatMap(([, plain, first]) => (plain ?? first ?? "").split(" ")));
    const documented = tableRows("part").flatMap(([parts]) => parts);
    expect(documented).to.have.members([...names]);
  });

  it("leaves no colour that a dashboard cannot set", () => {
    const styles = textOf("src/adapters/dashboard/client/styles/*.css").replaceAll(/\s+/g, " ");
    const rest = styles.replaceAll(/var\(--mailingcore-[a-z-]+, .+?\);/g, "");
    const colours = rest.match(/#[0-9a-f]{3,8}\b|rgb\([^)]*\)|light-dark\(/g) ?? [];
    expect(new Set(colours), "shadows and what dims the page").to.have.all.keys(
      "rgb(0 0 0 / 12%)",
      "rgb(0 0 0 / 22%)",
      "rgb(10 12 18 / 50%)",
    );
  });
});
