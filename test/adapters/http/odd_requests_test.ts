import { expect } from "chai";
import { adminHeaders, send, sendHeaders, startTestService } from "../../rig/service_rig.ts";
import { useShared } from "../../rig/use_fresh.ts";
import { CHECKOUT, token } from "../../samples/http.ts";

describe("requests that are not as they should be", () => {
  const service = useShared(() => startTestService());
  const withScope = (scope: string) =>
    adminHeaders({ Authorization: `Bearer ${token({ scope, tenants: "*" })}` });

  const undecodable: [string, string, string][] = [
    ["GET", "/billing/events/%ff", "billing:admin"],
    ["GET", "/billing/events/%", "billing:admin"],
    ["DELETE", "/billing/usage/emails/%", "billing:usage"],
    ["DELETE", "/billing/usage/emails/%c3%28", "billing:usage"],
    ["POST", "/billing/tokens/reservations/%ff/commit", "billing:tokens"],
    ["POST", "/billing/attention/%E0%A4%A/resolve", "billing:admin"],
  ];
  for (const [method, path, scope] of undecodable) {
    for (const headers of [withScope(scope), {}]) {
      it(`answers 400 to ${method} ${path}, ${"Authorization" in headers ? "known" : "unknown"}`, async () => {
        const { status, body } = await service.send(path, { method, headers });
        expect([status, body.code]).to.deep.equal([400, "invalid_path"]);
        expect(service.log.lines().filter(({ level }) => level === "error")).to.deep.equal([]);
      });
    }
  }

  const elsewhere = [
    ..."/BILLING/plans /Billing/plans /billing/PLANS /billing/plans/ /billing//plans".split(" "),
    ..."//billing/plans /billing/plans// /healthz/ /HEALTHZ /billing/./x /billing/plans%2f".split(
      " ",
    ),
    ..."/billing/plans;x=1 /billing/plans%00 /billing%2fplans /Dashboard/billing".split(" "),
    ..."/billing/billing/plans /billing/billing/webhook".split(" "),
  ];
  for (const path of elsewhere) {
    it(`answers 404 to ${path}: one route has one path`, async () => {
      const { port } = service.server;
      const { status } = await sendHeaders(`http://127.0.0.1:${port}`, adminHeaders(), { path });
      expect(status).to.equal(404);
    });
  }

  const hosts: [string, string[]][] = [
    ["two", ["a.example", "b.example"]],
    ["the same twice", ["a.example", "a.example"]],
    ["one with a path", ["a.example/x"]],
    ["one with a user", ["u@a.example"]],
    ["one with a blank", ["a b"]],
    ["an empty one", [""]],
  ];
  for (const [what, host] of hosts) {
    it(`answers 400 to ${what} in Host`, async () => {
      const headers = { ...adminHeaders(), Host: host };
      const { status, body } = await sendHeaders(`${service.url}/billing/plans`, headers);
      expect([status, body.code]).to.deep.equal([400, "invalid_host"]);
    });
  }

  for (const host of ["a.example", "a.example:3000", "127.0.0.1", "[::1]:3000", "A-b_c.example."]) {
    it(`takes the host ${host}`, async () => {
      const headers = { ...adminHeaders(), Host: host };
      const { status } = await sendHeaders(`${service.url}/billing/plans`, headers);
      expect(status).to.equal(200);
    });
  }

  const sound = JSON.stringify(CHECKOUT);
  const charsets: [string, number][] = [
    ["application/json", 200],
    ["application/json; charset=utf-8", 200],
    ['Application/JSON;charset="UTF-8"', 200],
    ["application/json; charset=utf-16", 415],
    ["application/json; charset=latin1", 415],
    ["application/json; charset=", 415],
    ['application/json; charset="utf-8', 415],
    ["application/json; charset=utf-8; charset=utf-16", 415],
    ["application/json; charset", 415],
    ["application/json; x=y", 415],
    ["application/json, application/json", 415],
    ["application/json;;", 415],
    ["application/jsonx", 415],
  ];
  for (const [type, expected] of charsets) {
    it(`answers ${expected} to a body of type ${type}`, async () => {
      const headers = adminHeaders({ "Content-Type": type });
      const { status } = await service.send("/billing/checkout", { body: sound, headers });
      expect(status).to.equal(expected);
    });
  }

  it("answers 415 to a body whose type is said twice", async () => {
    const headers = { ...adminHeaders(), "Content-Type": ["application/json", "text/plain"] };
    const sent = { method: "POST", body: sound };
    const { status } = await sendHeaders(`${service.url}/billing/checkout`, headers, sent);
    expect(status).to.equal(415);
  });

  it("logs no more than 256 characters of a path, and answers all of it", async () => {
    const path = `/${"x".repeat(10_000)}`;
    const { status, body } = await send(`${service.url}${path}`);
    expect([status, body.path]).to.deep.equal([404, path]);
    const logged = String(service.log.lines().at(-1)?.path);
    expect(logged.length).to.equal(256);
    expect(path.startsWith(logged.slice(0, -1))).to.equal(true);
  });

  it("answers 431, not more, to a path of 20,000 characters", async () => {
    expect((await send(`${service.url}/${"x".repeat(20_000)}`)).status).to.equal(431);
  });
});
