import { expect } from "chai";
import { listenError } from "../../src/kit/listen_error.ts";

describe("listenError", () => {
  for (const [code, says] of [
    ["EADDRINUSE", "another process uses the port; set METRICS_PORT to a free one"],
    ["EACCES", "this user may not use the port; set METRICS_PORT to one above 1023"],
    ["EADDRNOTAVAIL", "this machine has no such address; set HOST to one of its own"],
    ["ENOTFOUND", "this machine has no such address; set HOST to one of its own"],
    ["EIO", "listen failed"],
  ]) {
    it(`says what to do about ${code}`, () => {
      const cause = Object.assign(new Error("listen failed"), { code });
      const error = listenError(cause, "127.0.0.1:80", "METRICS_PORT");
      expect(error.message).to.equal(`Cannot listen on 127.0.0.1:80: ${says}`);
      expect(error.cause).to.equal(cause);
    });
  }
});
