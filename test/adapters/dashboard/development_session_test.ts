import type { IncomingMessage } from "node:http";
import { expect } from "chai";
import { DevelopmentSession } from "../../../src/adapters/dashboard/development_session.ts";

const SESSION = { token: "header.payload.signature", tenantId: "cldemo0001" };
const LOOPBACK = ["127.0.0.1:3000", "localhost:3000", "[::1]:3000", "127.1.2.3", "LOCALHOST"];
const OTHERS = [
  "rebound.example:3000",
  "127.0.0.1.evil.example",
  "localhost.evil.example",
  "192.168.0.7:3000",
  "",
  "127.0.0.1@evil.example",
];

function requestOf(headers: Record<string, string>): IncomingMessage {
  return { headers } as unknown as IncomingMessage;
}

describe("DevelopmentSession", () => {
  const development = new DevelopmentSession(() => SESSION);

  function cookie(): string {
    const outcome = development.signIn(requestOf({ host: "localhost" }), development.code);
    return outcome.type === "allowed" ? (outcome.value.split(";")[0] ?? "") : "";
  }

  it("works at loopback names", () => {
    for (const host of LOOPBACK) {
      const origin = `http://${host}`;
      expect(development.signIn(requestOf({ host }), development.code).type).to.equal("allowed");
      expect(development.session(requestOf({ host, origin, cookie: cookie() }))).to.deep.equal({
        type: "allowed",
        value: SESSION,
      });
    }
  });

  it("refuses every other name, right code and cookie or not (DNS rebinding)", () => {
    for (const host of OTHERS) {
      const origin = `http://${host}`;
      expect(development.signIn(requestOf({ host }), development.code)).to.deep.equal({
        type: "foreign",
      });
      expect(development.session(requestOf({ host, origin, cookie: cookie() }))).to.deep.equal({
        type: "foreign",
      });
    }
  });

  it("makes another code and another cookie at every start", () => {
    const other = new DevelopmentSession(() => SESSION);
    expect(other.code).not.to.equal(development.code);
    const headers = { host: "localhost", origin: "http://localhost", cookie: cookie() };
    expect(other.session(requestOf(headers))).to.deep.equal({ type: "unknown" });
  });
});
