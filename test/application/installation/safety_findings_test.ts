import { expect } from "chai";
import {
  judgeSafety,
  type SafetyFacts,
} from "../../../src/application/installation/safety_findings.ts";
import { isLoopback } from "../../../src/kit/loopback.ts";
import { isGuessable } from "../../../src/kit/secret_strength.ts";

const STRONG = "vR7yq0dKk2wYx8PzJt4nHs6uBm1cLf9gEa3i";
const OTHER = "Zp5oQw2xNr8sTk1vMj7bHy4dGf6eUc9aLi0K";
const SAFE: SafetyFacts = {
  production: true,
  files: [
    { path: "billing.db", mode: 0o600 },
    { path: "billing.db-wal", mode: 0o400 },
  ],
  secrets: [
    { name: "AUTH_JWT_SECRET", value: STRONG },
    { name: "METRICS_TOKEN", value: OTHER },
  ],
  isGuessable,
  dashboardUrl: "https://app.example.com/billing",
  redirectOrigins: ["https://app.example.com"],
  isLoopback,
};

describe("judgeSafety", () => {
  const wrong = (changes: Partial<SafetyFacts>) =>
    judgeSafety({ ...SAFE, ...changes })
      .filter(({ status }) => status !== "ok")
      .map(({ check, status, message }) => `${check} ${status}: ${message}`);

  it("finds nothing where all is well", () => {
    expect(wrong({})).to.deep.equal([]);
    expect(judgeSafety(SAFE).map(({ check }) => check)).to.deep.equal([
      "secrets",
      "database_files",
      "redirects",
    ]);
  });

  it("tells secrets that are made up or used twice, by their names only", () => {
    const secrets = [
      { name: "AUTH_JWT_SECRET", value: STRONG },
      { name: "METRICS_TOKEN", value: "changemechangemechangeme" },
      { name: "Key 1 of LEDGER_KEYS", value: STRONG },
    ];
    expect(wrong({ secrets })).to.deep.equal([
      "secrets problem: METRICS_TOKEN looks made up, or is short",
      "secrets problem: Key 1 of LEDGER_KEYS is the same as AUTH_JWT_SECRET",
    ]);
    expect(wrong({ secrets, production: false }).map((line) => line.split(":")[0])).to.deep.equal([
      "secrets warning",
      "secrets warning",
    ]);
    expect(JSON.stringify(judgeSafety({ ...SAFE, secrets }))).to.not.include(STRONG);
  });

  for (const mode of [0o644, 0o640, 0o604, 0o660, 0o622, 0o601]) {
    it(`tells files that others may use: mode ${mode.toString(8)}`, () => {
      expect(wrong({ files: [...SAFE.files, { path: "keys", mode }] })).to.deep.equal([
        "database_files problem: Others than the owner may use keys",
      ]);
    });
  }

  it("tells a dashboard that Checkout may not return to", () => {
    expect(wrong({ dashboardUrl: "https://other.example.com/billing" })).to.deep.equal([
      "redirects problem: The dashboard's origin https://other.example.com is none that Checkout " +
        "may return to",
    ]);
    expect(wrong({ dashboardUrl: "http://app.example.com/billing" })).to.have.length(1);
  });

  it("tells where paying customers would be led to their own machine, in production", () => {
    for (const origin of ["https://localhost:3000", "https://127.0.0.1", "https://[::1]"]) {
      const redirectOrigins = ["https://app.example.com", origin];
      expect(wrong({ redirectOrigins })).to.deep.equal([
        `redirects problem: Customers who have paid may be led to their own machine: ${origin}`,
      ]);
      expect(wrong({ redirectOrigins, production: false })).to.deep.equal([]);
    }
  });
});
