import "reflect-metadata";
import { Body, Controller, type INestApplication, Module, Post } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { expect } from "chai";
import {
  BILLING,
  BillingModule,
  type BillingModuleOptions,
  ChecksLimit,
  ConsumesEmails,
  Granted,
  type NestRequest,
  SpendsTokens,
} from "../../../../src/adapters/http/nestjs/billing_module.ts";
import { BillingFixture } from "../../../rig/billing_fixture.ts";
import { type Received, send } from "../../../rig/service_rig.ts";
import { useFresh } from "../../../rig/use_fresh.ts";
import { TENANT } from "../../../samples/account.ts";

class ApiController {
  send(body: { fails?: boolean }, grant: { quota?: { used?: number } } | undefined): object {
    if (body.fails) {
      throw new Error("the handler fails");
    }
    return { used: grant?.quota?.used ?? null };
  }
  add(): object {
    return { added: true };
  }
  async complete(_: object, grant: { commit(tokens: number): Promise<number> }): Promise<object> {
    return { taken: await grant.commit(7) };
  }
}

decorate(
  "send",
  Post("emails"),
  ConsumesEmails((request) => request.body.count),
);
decorate(
  "add",
  Post("domains"),
  ChecksLimit("domains", (request) => request.body.count),
);
decorate("complete", Post("complete"), SpendsTokens({ tokens: (request) => request.body.most }));
for (const name of ["send", "complete"]) {
  Body()(ApiController.prototype, name, 0);
  Granted()(ApiController.prototype, name, 1);
}
Controller()(ApiController);

/** Decorators by hand: the sources have none. */
function decorate(name: keyof ApiController, ...decorators: readonly MethodDecorator[]): void {
  const { prototype } = ApiController;
  const descriptor = Object.getOwnPropertyDescriptor(prototype, name);
  for (const decorator of decorators) {
    decorator(prototype, name, descriptor ?? {});
  }
}

async function started(options: (fixture: BillingFixture) => BillingModuleOptions) {
  const fixture = await BillingFixture.open();
  class AppModule {}
  const imports = [
    BillingModule.forRootAsync({ useFactory: () => Promise.resolve(options(fixture)) }),
  ];
  Module({ imports, controllers: [ApiController] })(AppModule);
  const app: INestApplication = await NestFactory.create(AppModule, {
    logger: false,
    abortOnError: false,
  });
  app.enableShutdownHooks();
  await app.listen(0, "127.0.0.1");
  const url = await app.getUrl();
  return {
    app,
    fixture,
    post: (path: string, body: object): Promise<Received> =>
      send(`${url}/${path}`, {
        body,
        headers: { "Content-Type": "application/json", "X-Tenant": TENANT },
      }),
    close: () => app.close(),
  };
}

const tenant = ({ headers }: NestRequest) => String(headers["x-tenant"]);

describe("BillingModule", () => {
  const nest = useFresh(() =>
    started(({ billing, close }) => ({
      billing: { ...billing, close: () => close } as never,
      tenant,
    })),
  );

  it("P31 counts e-mails before the handler, gives them back when it fails, and refuses", async () => {
    const first = await nest.post("emails", { count: 900 });
    expect([first.status, first.body.used]).to.deep.equal([201, 900]);
    expect(first.headers.get("X-Quota-Warning")).to.equal("true");
    expect((await nest.post("emails", { count: 100, fails: true })).status).to.equal(500);
    const used = async () =>
      (await nest.fixture.billing.readUsage.execute({ tenantId: TENANT })).emails.used;
    const deadline = Date.now() + 10_000;
    while ((await used()) !== 900 && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(await used()).to.equal(900);
    const refused = await nest.post("emails", { count: 201 });
    expect([refused.status, refused.body.code]).to.deep.equal([429, "email_quota_exceeded"]);
    expect(refused.body.upgrade).to.deep.equal({ planSlug: "starter" });
    expect(Number(refused.headers.get("Retry-After"))).to.be.greaterThan(0);
  });

  it("P45 lets no more be made than the plan allows", async () => {
    expect((await nest.post("domains", { count: 1 })).body).to.deep.equal({ added: true });
    const refused = await nest.post("domains", { count: 2 });
    expect([refused.status, refused.body.code]).to.deep.equal([422, "plan_limit_reached"]);
  });

  it("P28 reserves tokens around the handler", async () => {
    const { body } = await nest.post("complete", { most: 50 });
    expect(body).to.deep.equal({ taken: 7 });
    const refused = await nest.post("complete", { most: 94 });
    expect([refused.status, refused.body.code]).to.deep.equal([402, "insufficient_tokens"]);
  });

  it("injects billing", () => {
    expect(nest.app.get(BILLING)).to.have.property("checkLimit");
  });
});

describe("BillingModule without what it needs", () => {
  const nest = useFresh(() =>
    started(({ billing: { checkLimit } }) => ({
      billing: { checkLimit, close: async () => undefined },
      tenant,
    })).catch((error: unknown) => ({ error, close: async () => undefined })),
  );

  it("says at the start which use cases a decorator misses", () => {
    expect(String(Reflect.get(nest, "error"))).to.include("billing has no");
  });
});
