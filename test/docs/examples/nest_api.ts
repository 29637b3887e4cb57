import { createBilling } from "@mailingcore/billing";
import { createBillingRouter, type ReservedTokens } from "@mailingcore/billing/express";
import { BillingModule, Granted, SpendsTokens } from "@mailingcore/billing/nestjs";
import { openSqliteStore } from "@mailingcore/billing/sqlite";
import { connectStripe } from "@mailingcore/billing/stripe";
import { Body, Controller, type ExecutionContext, Module, Post } from "@nestjs/common";
import { APP_GUARD, NestFactory } from "@nestjs/core";
import { pino } from "pino";

const { BILLING_DB = "./data/billing.db", LOG_LEVEL = "info", PORT = "3000" } = process.env;
const { STRIPE_SECRET_KEY = "", STRIPE_WEBHOOK_SECRET = "", STRIPE_URL } = process.env;

const tenants = [{ id: "clhosted001", role: "OWNER" }];
const sessions = new Map([["ada", { userId: "ada", tenantId: "clhosted001", tenants }]]);

/** Stands for your JwtAuthGuard, which sets `request.user`. */
const authGuard = {
  canActivate: (context: ExecutionContext) => {
    const request = context.switchToHttp().getRequest();
    request.user = sessions.get(request.headers["x-session"]);
    return request.user !== undefined;
  },
};

const secrets = { secretKey: STRIPE_SECRET_KEY, webhookSecrets: [STRIPE_WEBHOOK_SECRET] };
const billing = createBilling({
  store: openSqliteStore(BILLING_DB),
  payments: connectStripe({ ...secrets, ...(STRIPE_URL && { baseUrl: STRIPE_URL }) }),
  settings: { livemode: false, dashboardUrl: "https://app.example.com/billing" },
  workersElsewhere: true,
});
const router = createBillingRouter({
  billing,
  logger: pino({ level: LOG_LEVEL }),
  authenticate: (request) => {
    const user = sessions.get(request.get("X-Session") ?? "");
    return user ? { userId: user.userId, claims: { tenants: user.tenants } } : null;
  },
});

@Controller()
class AiController {
  @Post("complete")
  @SpendsTokens({ tokens: (request) => request.body.maxTokens, reason: "template assistant" })
  async complete(@Body() body: { prompt: string }, @Granted() reserved: ReservedTokens) {
    await reserved.commit(body.prompt.length);
    return { text: body.prompt.toUpperCase() };
  }
}

@Module({
  imports: [BillingModule.forRoot({ billing, router })],
  controllers: [AiController],
  providers: [{ provide: APP_GUARD, useValue: authGuard }],
})
class AppModule {}
export const app = await NestFactory.create(AppModule, { rawBody: true, logger: false });
await app.listen(Number(PORT), "127.0.0.1");
