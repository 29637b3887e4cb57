import { readFileSync } from "node:fs";
import { expect } from "chai";
import { serviceMetrics } from "../../src/adapters/metrics/service_metrics.ts";

const names = serviceMetrics().names();

/** The metrics that are named, without what Prometheus adds for histograms. */
function namedIn(file: string): string[] {
  const text = readFileSync(`docs/monitoring/${file}`, "utf8");
  const found = text.match(/\b(?:billing|nodejs|process)_[a-z0-9_]+/g) ?? [];
  return [...new Set(found)].map((name) =>
    names.includes(name) ? name : name.replace(/_(bucket|count|sum)$/, ""),
  );
}

describe("docs/monitoring", () => {
  for (const file of ["alerts.yml", "grafana.json"]) {
    it(`${file} names metrics that there are`, () => {
      expect(namedIn(file)).to.have.length.greaterThan(8);
      expect(namedIn(file).filter((name) => !names.includes(name))).to.deep.equal([]);
    });
  }

  it("shows every metric of ours", () => {
    const ours = names.filter((name) => name.startsWith("billing_"));
    expect(namedIn("grafana.json")).to.include.members(ours);
  });
});
