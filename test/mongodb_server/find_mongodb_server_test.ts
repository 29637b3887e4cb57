import { expect } from "chai";
import { outlives } from "../rig/outlives.ts";
import { sourceFile } from "./build_once.ts";
import { serverUrl, withDatabase, withOptions } from "./find_mongodb_server.ts";
import { soleHost, throughProxy } from "./mongo_proxy.ts";

describe("serverUrl", () => {
  it("refuses a database that is not one for tests", () => {
    for (const database of ["billing", "prod", "tes", "TEST"]) {
      const url = `mongodb://app:s3cret@db.example/${database}?w=1`;
      expect(() => serverUrl(url), database)
        .to.throw(`its database "${database}" has no "test" in its name`)
        .with.property("message")
        .that.does.not.include("s3cret");
    }
    expect(() => serverUrl("db.example/billing_test")).to.throw("it is no MongoDB URL");
  });

  it("leaves out the database, which tests do not use but make their own", () => {
    for (const path of ["", "/", "/billing_test"]) {
      const url = serverUrl(`mongodb://a:1,b:2${path}?replicaSet=rs0`);
      expect(url).to.equal("mongodb://a:1,b:2/?replicaSet=rs0");
      expect(withDatabase(url, "test_1")).to.equal("mongodb://a:1,b:2/test_1?replicaSet=rs0");
    }
    expect(withOptions("mongodb://a/t", "w=1")).to.equal("mongodb://a/t?w=1");
    expect(withOptions("mongodb://a/t?j=true", "w=1")).to.equal("mongodb://a/t?j=true&w=1");
  });
});

describe("throughProxy", () => {
  it("puts a proxy in the place of a sole host, and keeps the rest", () => {
    const url = "mongodb://app:pass%40word@db.example:2701/test?retryWrites=false";
    expect(soleHost(url)).to.deep.equal({ host: "db.example", port: 2701 });
    const options = "retryWrites=false&directConnection=true&maxPoolSize=1";
    expect(throughProxy(url, "127.0.0.1:9", "maxPoolSize=1")).to.equal(
      `mongodb://app:pass%40word@127.0.0.1:9/test?${options}`,
    );
  });

  it("knows URLs that a proxy cannot serve", () => {
    for (const url of [
      "mongodb+srv://db.example/test",
      "mongodb://a:1,b:2/test?replicaSet=rs0",
      "mongodb://a/test?tls=true",
    ]) {
      expect(soleHost(url), url).to.equal(undefined);
    }
  });
});

describe("startTethered", () => {
  it("the server ends with the process that started it, however that ends", async () => {
    const script = `
      const { startTethered } = await import(${JSON.stringify(sourceFile("start_tethered.ts"))});
      console.log(await startTethered("sh", () => ["-c", "echo $$; cat"]));
      setInterval(() => undefined, 1_000);
    `;
    expect(await outlives(script)).to.equal(false);
  });
});
