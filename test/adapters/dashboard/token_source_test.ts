import { expect } from "chai";
import {
  SessionError,
  SignedOutError,
  TokenSource,
} from "../../../src/adapters/dashboard/client/api.js";

/** A dashboard that gives these tokens, one after the other; `null` for nobody, or fails. */
function sourceOf(...answers: (string | null | Error)[]) {
  const asked: boolean[] = [];
  const tokens = new TokenSource(async (renew) => {
    asked.push(renew);
    const answer = answers.shift() ?? null;
    if (answer instanceof Error) {
      throw answer;
    }
    return answer;
  });
  return { tokens, asked };
}

async function failureOf(token: Promise<string>): Promise<unknown> {
  return await token.catch((error: unknown) => error);
}

describe("TokenSource", () => {
  it("asks once, however many requests wait, and once more when the token is refused", async () => {
    const { tokens, asked } = sourceOf("a", "b");
    const first = await Promise.all([1, 2, 3].map(() => tokens.token(null)));
    expect(first).to.deep.equal(["a", "a", "a"]);
    const second = await Promise.all([1, 2, 3].map(() => tokens.token("a")));
    expect(second).to.deep.equal(["b", "b", "b"]);
    expect(await tokens.token("a"), "a late refusal of the old one").to.equal("b");
    expect(asked).to.deep.equal([false, true]);
  });

  it("takes a dashboard that has only the refused token for one that nobody is signed in to", async () => {
    const { tokens, asked } = sourceOf("a", "a");
    await tokens.token(null);
    const answers = await Promise.all([1, 2].map(() => failureOf(tokens.token("a"))));
    for (const answer of answers) {
      expect(answer).to.be.instanceOf(SignedOutError);
    }
    expect(asked).to.deep.equal([false, true]);
  });

  it("asks again after nobody was signed in, after a failure, and when it is to forget", async () => {
    const { tokens, asked } = sourceOf(null, new Error("down"), "a", "b");
    expect(await failureOf(tokens.token(null))).to.be.instanceOf(SignedOutError);
    expect(await failureOf(tokens.token(null))).to.be.instanceOf(SessionError);
    expect(await tokens.token(null)).to.equal("a");
    tokens.forget();
    expect(await tokens.token(null)).to.equal("b");
    expect(asked).to.have.length(4);
  });

  it("does not wait for ever, and asks again afterwards", async () => {
    const answers: Promise<string>[] = [Promise.withResolvers<string>().promise];
    const tokens = new TokenSource(async () => (await answers.shift()) ?? "a", 5);
    const failed = await failureOf(tokens.token(null));
    expect(failed).to.be.instanceOf(SessionError);
    expect((failed as SessionError).cause).to.include({ name: "TimeoutError" });
    expect(await tokens.token(null)).to.equal("a");
  });
});
