import { expect } from "chai";
import { apiDocument } from "../../rig/api_document.ts";
import { useService } from "../../rig/service_rig.ts";

describe("the API's document over HTTP", () => {
  const service = useService();

  it("serves the document", async () => {
    const { status, body } = await service.send("/openapi.json", { headers: {} });
    expect(status).to.equal(200);
    expect(body).to.deep.equal(JSON.parse(JSON.stringify(apiDocument())));
  });

  it("shows it on a page that loads everything from the service itself", async () => {
    const page = await service.send("/docs", { headers: {} });
    expect(page.status).to.equal(200);
    const policy = page.headers.get("Content-Security-Policy");
    expect(policy).to.include("default-src 'none'").and.include("script-src 'self'");
    const sources = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url = ""]) => url);
    expect(sources).to.have.length(4);
    for (const source of sources) {
      expect(source).to.match(/^\/docs\/[\w.-]+$/);
      const { status, text } = await service.send(source, { headers: {} });
      expect([status, text.length > 50]).to.deep.equal([200, true], source);
    }
  });

  it("serves nothing else of the renderer", async () => {
    for (const path of ["/docs/package.json", "/docs/..%2fpackage.json", "/docs/", "/docs/x"]) {
      const { status, body } = await service.send(path, { headers: {} });
      expect([status, body.code]).to.deep.equal([404, "route_not_found"], path);
    }
  });
});
