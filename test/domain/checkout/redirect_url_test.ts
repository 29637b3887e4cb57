import { expect } from "chai";
import { redirectProblem, redirectProblems } from "../../../src/domain/checkout/redirect_url.ts";

const production = {
  allowedRedirectOrigins: ["https://app.example.com", "https://app.example.com:8443"],
  allowHttpLoopback: false,
};
const development = {
  allowedRedirectOrigins: ["http://localhost:3000", "http://127.0.0.1:3000", "http://[::1]:3000"],
  allowHttpLoopback: true,
};

const ABSOLUTE = "must be an absolute URL";
const CREDENTIALS = "must not carry a user name or password";
const HTTPS = "must use https";
const ORIGIN = "must have an allowed origin; add it to ALLOWED_REDIRECT_ORIGINS if it is yours";
const WRITTEN = "must be written as its origin followed by a path";

const refused: [string, string][] = [
  ["", ABSOLUTE],
  [" ", ABSOLUTE],
  ["/billing", ABSOLUTE],
  ["billing", ABSOLUTE],
  ["//evil.example", ABSOLUTE],
  ["///evil.example", ABSOLUTE],
  ["\\\\evil.example", ABSOLUTE],
  ["/\\evil.example", ABSOLUTE],
  ["?next=https://app.example.com", ABSOLUTE],
  ["https://", ABSOLUTE],
  ["https://app.example.com:99999/", ABSOLUTE],
  ["https://app.exa mple.com/", ABSOLUTE],
  ["https://app.example.com%00.evil.example/", ABSOLUTE],
  ["https:evil.example", ORIGIN],
  ["https:/evil.example", ORIGIN],
  ["https:\\\\evil.example", ORIGIN],
  ["https:///evil.example", ORIGIN],
  ["https://evil.example/https://app.example.com", ORIGIN],
  ["https://evil.example?https://app.example.com", ORIGIN],
  ["https://evil.example#https://app.example.com", ORIGIN],
  ["https://evil.example\\.app.example.com", ORIGIN],
  ["https://app.example.com@evil.example", CREDENTIALS],
  ["https://app.example.com:443@evil.example/", CREDENTIALS],
  ["https://user@app.example.com/", CREDENTIALS],
  ["https://user:secret@app.example.com/", CREDENTIALS],
  ["https://:secret@app.example.com/", CREDENTIALS],
  ["https://evil.example%40app.example.com@evil.example", CREDENTIALS],
  ["https://@app.example.com/", WRITTEN],
  ["https://app.example.com.evil.example/", ORIGIN],
  ["https://app.example.comevil.example/", ORIGIN],
  ["https://evilapp.example.com/", ORIGIN],
  ["https://example.com/", ORIGIN],
  ["https://sub.app.example.com/", ORIGIN],
  ["https://app.example.com./", ORIGIN],
  ["https://app.example.com:444/", ORIGIN],
  ["https://app.example.com:8443.evil.example/", ABSOLUTE],
  ["https://аpp.example.com/", ORIGIN],
  ["https://app.exampIe.com/", ORIGIN],
  ["https://app.example.co\u04cf/", ORIGIN],
  ["https://xn--pp-6kc.example.com/", ORIGIN],
  ["https://ａｐｐ.example.com/", WRITTEN],
  ["https://app。example。com/", WRITTEN],
  ["https://app\u00ad.example.com/", WRITTEN],
  ["https://%61pp.example.com/", WRITTEN],
  ["javascript:alert(1)", HTTPS],
  ["JavaScript:alert(1)", HTTPS],
  ["java\tscript:alert(1)", HTTPS],
  ["javascript://app.example.com/%0aalert(1)", HTTPS],
  ["data:text/html,<script>alert(1)</script>", HTTPS],
  ["vbscript:msgbox(1)", HTTPS],
  ["blob:https://app.example.com/5c1f", HTTPS],
  ["filesystem:https://app.example.com/temporary/a", HTTPS],
  ["view-source:https://app.example.com/", HTTPS],
  ["file:///etc/passwd", HTTPS],
  ["ftp://app.example.com/", HTTPS],
  ["ws://app.example.com/", HTTPS],
  ["about:blank", HTTPS],
  ["app.example.com:443/", HTTPS],
  ["http://app.example.com/", HTTPS],
  ["http://localhost:3000/", HTTPS],
  ["http://127.0.0.1/", HTTPS],
  ["https://169.254.169.254/latest/meta-data", ORIGIN],
  ["https://2852039166/", ORIGIN],
  ["https://0xA9FEA9FE/", ORIGIN],
  ["https://0251.0376.0251.0376/", ORIGIN],
  ["https://[::ffff:169.254.169.254]/", ORIGIN],
  ["https://[::ffff:a9fe:a9fe]/", ORIGIN],
  ["https://[::1]/", ORIGIN],
  ["https://127.1/", ORIGIN],
  ["https://0/", ORIGIN],
  ["https://localhost/", ORIGIN],
  [" https://app.example.com/", WRITTEN],
  ["https://app.example.com/ ", WRITTEN],
  ["https://app.example.com/a b", WRITTEN],
  ["https://app.example.com/a\tb", WRITTEN],
  ["https://app.example.com/\r\nSet-Cookie:a=b", WRITTEN],
  ["https://app.exam\nple.com/", WRITTEN],
  ["ht\ntps://app.example.com/", WRITTEN],
  ["\u0000https://app.example.com/", WRITTEN],
  ["https://app.example.com/\u007f", WRITTEN],
  ["https://app.example.com/\u00a0", WRITTEN],
  ["https://app.example.com/\u2028", WRITTEN],
  ["https://app.example.com\\@evil.example/", WRITTEN],
  ["https://app.example.com/\\evil.example", WRITTEN],
  ["https:\\\\app.example.com/", WRITTEN],
  ["https:app.example.com/", WRITTEN],
  ["https:///app.example.com/", WRITTEN],
  ["HTTPS://app.example.com/", WRITTEN],
  ["https://APP.example.com/", WRITTEN],
  ["https://app.example.com:443/", WRITTEN],
  ["https://app.example.com:/", WRITTEN],
  ["https://app.example.com:08443/", WRITTEN],
];

const accepted = [
  "https://app.example.com",
  "https://app.example.com/",
  "https://app.example.com/billing/success?session_id={CHECKOUT_SESSION_ID}",
  "https://app.example.com/billing#plans",
  "https://app.example.com?next=//evil.example",
  "https://app.example.com#x@y",
  "https://app.example.com/@evil.example",
  "https://app.example.com/a/../b",
  "https://app.example.com/%0d%0a",
  "https://app.example.com/gr%C3%BCn/grün",
  "https://app.example.com:8443/billing",
];

describe("redirectProblem", () => {
  for (const [text, problem] of refused) {
    it(`P20 refuses ${JSON.stringify(text)}`, () => {
      expect(redirectProblem(text, production)).to.equal(problem);
    });
  }

  for (const text of accepted) {
    it(`P20 accepts ${text}`, () => {
      expect(redirectProblem(text, production)).to.equal(null);
    });
  }

  const local = ["http://localhost:3000/a", "http://127.0.0.1:3000/", "http://[::1]:3000/"];
  for (const text of local) {
    it(`P20 accepts ${text} in development only`, () => {
      expect(redirectProblem(text, development)).to.equal(null);
      expect(redirectProblem(text, { ...development, allowHttpLoopback: false })).to.equal(HTTPS);
    });
  }

  const notLocal: [string, string][] = [
    ["http://localhost.evil.example:3000/", HTTPS],
    ["http://app.example.com/", HTTPS],
    ["http://localhost.:3000/", HTTPS],
    ["http://127.0.0.2:3000/", HTTPS],
    ["http://[::ffff:127.0.0.1]:3000/", HTTPS],
    ["http://0.0.0.0:3000/", HTTPS],
    ["http://localhost:3001/", ORIGIN],
    ["http://localhost/", ORIGIN],
    ["http://127.1:3000/", WRITTEN],
    ["http://2130706433:3000/", WRITTEN],
    ["http://LOCALHOST:3000/", WRITTEN],
    ["http://localhost:3000@evil.example/", CREDENTIALS],
  ];
  for (const [text, problem] of notLocal) {
    it(`P20 refuses ${text} in development as well`, () => {
      expect(redirectProblem(text, development)).to.equal(problem);
    });
  }

  it("P20 accepts nothing where no origin is allowed", () => {
    const policy = { allowedRedirectOrigins: [], allowHttpLoopback: true };
    expect([...accepted, ...local].map((text) => redirectProblem(text, policy))).to.not.include(
      null,
    );
  });
});

describe("redirectProblems", () => {
  it("P20 names every field that is wrong, and none that is right", () => {
    const targets = {
      successUrl: "//evil.example",
      cancelUrl: "https://evil.example",
      returnUrl: "https://app.example.com/",
    };
    expect(redirectProblems(targets, production)).to.deep.equal([
      { field: "successUrl", problem: ABSOLUTE },
      { field: "cancelUrl", problem: ORIGIN },
    ]);
    expect(redirectProblems({}, production)).to.deep.equal([]);
  });
});
