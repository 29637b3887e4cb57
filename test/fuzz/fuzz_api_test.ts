import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { describeClient } from "../conformance/clients/install_client.ts";
import { fuzzService } from "./fuzz_service.ts";
import { installSchemathesis, runSchemathesis } from "./schemathesis.ts";

/** `npm run fuzz:api` sends more. */
const FEW = { examples: "1", seed: "1" };

const DOCUMENT = {
  openapi: "3.1.0",
  info: { title: "A service that fails", version: "1" },
  paths: { "/fails": { get: { responses: { 200: { description: "never" } } } } },
};

const installed = await installSchemathesis();

describeClient("Schemathesis, on what the API's document says", installed, (folder) => {
  it("finds no answer 5xx, and none that the document does not have", async () => {
    const codes: number[] = [];
    await fuzzService(folder, FEW, ({ code, output }) => {
      codes.push(code);
      expect(code, output).to.equal(0);
      expect(output).to.match(/[1-9]\d* generated/);
    });
    expect(codes).to.deep.equal([0, 0]);
  });

  it("finds an answer 5xx where there is one", async () => {
    const server = createServer((request, response) => {
      const isDocument = request.url === "/openapi.json";
      response.writeHead(isDocument ? 200 : 500, { "Content-Type": "application/json" });
      response.end(isDocument ? JSON.stringify(DOCUMENT) : "{}");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}/openapi.json`;
    const { code, output } = await runSchemathesis(folder, {
      url,
      headers: {},
      filter: [],
      ...FEW,
    });
    server.close();
    expect(code, output).to.equal(1);
    expect(output).to.include("/fails");
  });
});
