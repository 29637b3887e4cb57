import { expect } from "chai";
import type { Request, RequestHandler, Response } from "express";
import { inOrder } from "../../../../src/adapters/http/server/in_order.ts";

describe("inOrder", () => {
  const FAILURE = new Error("refused");

  /** Which handlers ran, and what the last `next` was given; `undefined` where it was not called. */
  async function play(handlers: readonly RequestHandler[]) {
    const ran: number[] = [];
    const counted = handlers.map((handler, index): RequestHandler => {
      return (request, response, next) => {
        ran.push(index);
        return handler(request, response, next);
      };
    });
    const given: unknown[] = [];
    const next = (error?: unknown) => given.push(error ?? "next");
    inOrder(counted)({} as Request, {} as Response, next as Parameters<RequestHandler>[2]);
    await new Promise(setImmediate);
    return { ran, given };
  }

  const goesOn: RequestHandler = (_request, _response, next) => next();
  const goesOnLater: RequestHandler = async (_request, _response, next) => {
    await Promise.resolve();
    next();
  };

  it("runs all, those that answer later too, and then goes on", async () => {
    const { ran, given } = await play([goesOn, goesOnLater, goesOn]);
    expect([ran, given]).to.deep.equal([[0, 1, 2], ["next"]]);
    expect(await play([])).to.deep.equal({ ran: [], given: ["next"] });
  });

  it("ends with the one that answers", async () => {
    const answers: RequestHandler = () => undefined;
    expect(await play([goesOn, answers, goesOn])).to.deep.equal({ ran: [0, 1], given: [] });
  });

  for (const [how, fails] of [
    [
      "throws",
      () => {
        throw FAILURE;
      },
    ],
    ["rejects", () => Promise.reject(FAILURE)],
    ["says it to next", (_request, _response, next) => next(FAILURE)],
  ] as [string, RequestHandler][]) {
    it(`ends with the one that ${how}, and tells why`, async () => {
      const { ran, given } = await play([goesOnLater, fails, goesOn]);
      expect([ran, given]).to.deep.equal([[0, 1], [FAILURE]]);
    });
  }

  it("tells of a rejection without a reason, too", async () => {
    const { given } = await play([() => Promise.reject(undefined)]);
    expect(given[0]).to.be.instanceOf(Error);
  });
});
