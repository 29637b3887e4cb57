import { expect } from "chai";
import { createLogger, type Logger } from "../../src/kit/logger.ts";
import { runChild } from "../rig/run_child.ts";

const LOGGING_CHILD = new URL("./logging_child.ts", import.meta.url);

function logged(write: (logger: Logger) => void): {
  text: string;
  lines: Record<string, unknown>[];
} {
  let text = "";
  write(
    createLogger({
      level: "info",
      destination: {
        write: (line: string) => {
          text += line;
        },
      },
    }),
  );
  const lines = text
    .split("\n")
    .filter((line) => line !== "")
    .map((line): Record<string, unknown> => JSON.parse(line));
  return { text, lines };
}

describe("createLogger", () => {
  it("writes the level, the time, the fields and the message as one JSON line", () => {
    const { lines } = logged((logger) => logger.info({ eventId: "evt_1", tokens: 5 }, "handled"));
    expect(lines).to.have.length(1);
    expect(lines[0]).to.include({ level: "info", eventId: "evt_1", tokens: 5, msg: "handled" });
    expect(lines[0]?.time).to.match(/^\d{4}-\d\d-\d\dT.*Z$/);
  });

  it("writes nothing below its level", () => {
    expect(logged((logger) => logger.debug("quiet")).text).to.equal("");
  });

  it("cannot be made to forge a line by line breaks in data", () => {
    const forged = 'x\r\n{"level":"info","msg":"forged"}\u2028';
    const { lines } = logged((logger) => logger.info({ path: forged, [forged]: 1 }, forged));
    expect(lines).to.have.length(1);
    expect(lines[0]?.path).to.equal(forged);
  });

  const names = [
    ..."authorization Authorization cookie set-cookie stripe-signature Stripe-Signature".split(" "),
    ..."secret clientSecret webhookSecrets STRIPE_SECRET_KEY password accessToken token".split(" "),
    ..."x-api-key idToken rawBody payload".split(" "),
  ];
  for (const name of names) {
    it(`leaves out the value of "${name}" at any depth and in children`, () => {
      const { text } = logged((logger) => {
        logger.info({ [name]: "canary", a: { b: [{ [name]: ["canary"] }] } });
        logger
          .child({ [name]: "canary" })
          .child({ c: { [name]: "canary" } })
          .info("child");
      });
      expect(text).not.to.contain("canary");
      expect(text).to.contain("[redacted]");
    });
  }

  const shapes = [
    "sk_test_51canary",
    "sk_live_51canary",
    "rk_live_canary",
    "whsec_canary",
    "mc_live_canary",
    "eyJhbGciOiJIUzI1NiJ9.eyJjYW5hcnkiOjF9.canary-canary",
    "pi_3NabcDEF_secret_canary",
    "seti_1NabcDEF_secret_canary",
    "cs_live_a1B2_secret_canary%2F",
    "mongodb+srv://billing:canary@db.example.net/billing",
    "postgres://canary:canary@[::1]:5432/x",
    "https://checkout.stripe.com/c/pay/cs_live_canary#fidkdWxOYHwnPy",
    "https://billing.stripe.com/p/session/live_canary",
    "https://invoice.stripe.com/i/acct_1/live_canary?s=ap",
    "https://pay.example.com/c/pay/cs_live_canary",
    "/c/pay/canary",
    "/p/session/canary",
    "mc_test_canary",
    "cs_test_a1B2_secret_canary",
    "eyJcanary-canary",
  ];
  for (const shape of shapes) {
    it(`leaves out ${shape.slice(0, 8)}... wherever it stands`, () => {
      const { text, lines } = logged((logger) => {
        logger.info({ note: `key ${shape}` }, `message ${shape}.`);
        logger.error(new Error(`Cannot use ${shape}`));
      });
      expect(lines).to.have.length(2);
      expect(text).not.to.match(/canary|eyJjYW5hcnki/);
    });
  }

  it("leaves ids and addresses without secrets alone", () => {
    const kept = "pi_3Nabc cs_live_a1B2 evt_1eyJabcdefghij https://app.example.com/a@b?c=d";
    expect(logged((logger) => logger.info(kept)).lines[0]?.msg).to.equal(kept);
  });

  it("writes name, message, code, stack and cause of an error and nothing else of it", () => {
    const cause = Object.assign(new TypeError("inner"), {
      code: "ECONNRESET",
      raw: { param: "canary" },
      headers: { a: "canary" },
      requestBody: "canary",
    });
    const error = Object.assign(new Error("outer", { cause }), { body: "canary" });
    const { text, lines } = logged((logger) => {
      logger.error({ err: error, other: error, list: [error] }, "failed");
      logger.child({ error }).error(error);
    });
    expect(text).not.to.contain("canary");
    expect(lines).to.have.length(2);
    expect(lines[0]?.err).to.have.keys("name", "message", "stack", "cause");
    expect(lines[0]?.err).to.have.nested.include({
      name: "Error",
      "cause.name": "TypeError",
      "cause.code": "ECONNRESET",
    });
  });

  it("survives causes that go round in circles, and deep and foreign objects", () => {
    const error = new Error("round");
    error.cause = error;
    const round: Record<string, unknown> = { map: new Map([["token", "canary"]]), n: 1n };
    round.round = round;
    const { text, lines } = logged((logger) => logger.error({ err: error, round }, "failed"));
    expect(lines).to.have.length(1);
    expect(text).to.contain("[too deep]").and.contain("[Map]").and.not.contain("canary");
  });

  for (const ending of ["exits", "fails"]) {
    it(`has written every line to standard output when the process ${ending}`, async () => {
      const { output, code } = await runChild(LOGGING_CHILD, ending);
      const numbers = output
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line).number);
      expect(numbers).to.deep.equal(Array.from({ length: 300 }, (_, number) => number));
      expect(code).to.equal(ending === "exits" ? 3 : 1);
    });
  }
});
