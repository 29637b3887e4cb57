import { Argument, type Command } from "commander";
import type { Billing } from "../../application/billing.ts";
import type { WebhookEndpoint } from "../../application/notifications/webhook_endpoints.ts";
import type { Delivery } from "../../application/ports/notifications/delivery_store.ts";
import { counted } from "../../domain/counted.ts";
import {
  NOTIFICATION_TYPES,
  type NotificationType,
} from "../../domain/notifications/notification.ts";
import { type BillingCommands, RUN_AGAIN, reporting, withExamples } from "./command.ts";
import type { CommandOutput } from "./command_output.ts";
import { countUpTo } from "./parse_count.ts";

/** What operators can do with webhook endpoints. */
export type WebhookUseCases = Pick<
  Billing,
  | "addWebhookEndpoint"
  | "listDeliveries"
  | "listWebhookEndpoints"
  | "removeWebhookEndpoint"
  | "replayDelivery"
  | "rotateWebhookSecret"
>;

type WebhookCommands = BillingCommands<WebhookUseCases>;

const MAX_LIMIT = 1_000;
const MAY_BE_DONE = { advice: "it may be done: see webhooks list before you run it again" };
const ADD_EXAMPLE = "webhooks add https://example.com/billing subscription.activated";
const ID_EXAMPLE = "whe_4f6c";

/** Adds `webhooks list`, `add`, `secret`, `remove`, `deliveries` and `replay` to the command line. */
export function addWebhookCommands(
  program: Command,
  commands: WebhookCommands,
  output: CommandOutput,
): void {
  const webhooks = program
    .command("webhooks")
    .description("tell other services what happens, and see whether they have heard it");
  withExamples(webhooks, ADD_EXAMPLE, "webhooks list");
  addEndpointCommands(webhooks, commands, output);
  addDeliveryCommands(webhooks, commands, output);
}

function addEndpointCommands(
  webhooks: Command,
  { withBilling }: WebhookCommands,
  output: CommandOutput,
): void {
  const list = webhooks.command("list").description("list the endpoints");
  reporting(list, output, () =>
    withBilling(async ({ listWebhookEndpoints }) => {
      const endpoints = await listWebhookEndpoints.execute();
      const text = endpoints.map(endpointText).join("\n");
      return { text: text === "" ? "There are no webhook endpoints" : text, json: { endpoints } };
    }),
  );
  withExamples(list, "webhooks list", "webhooks list --json");
  const add = webhooks
    .command("add <address>")
    .addArgument(new Argument("<events...>", "what it hears").choices(NOTIFICATION_TYPES))
    .description("add an endpoint and print its secret, which is told this once");
  reporting(
    add,
    output,
    (url: string, events: readonly NotificationType[]) =>
      withBilling(async ({ addWebhookEndpoint }) => {
        const outcome = await addWebhookEndpoint.execute({ url, events });
        if (outcome.type !== "saved") {
          const problem = outcome.type === "refused" ? outcome.problem : "be known";
          throw new Error(`Cannot add "${url}": the address must ${problem}`);
        }
        return savedReport(outcome);
      }),
    MAY_BE_DONE,
  );
  withExamples(add, ADD_EXAMPLE);
  const secret = webhooks
    .command("secret <id>")
    .description("make another secret; the one before it goes on signing, older ones do not");
  reporting(
    secret,
    output,
    (id: string) =>
      withBilling(async ({ rotateWebhookSecret }) => {
        const outcome = await rotateWebhookSecret.execute({ id });
        if (outcome.type !== "saved") {
          throw new Error(`Cannot make a secret for "${id}": there is no such endpoint`);
        }
        return savedReport(outcome);
      }),
    MAY_BE_DONE,
  );
  withExamples(secret, `webhooks secret ${ID_EXAMPLE}`);
  const remove = webhooks.command("remove <id>").description("send nothing more to an endpoint");
  reporting(
    remove,
    output,
    (id: string) =>
      withBilling(async ({ removeWebhookEndpoint }) => {
        if (!(await removeWebhookEndpoint.execute({ id }))) {
          throw new Error(`Cannot remove "${id}": there is no such endpoint`);
        }
        return { text: `Removed ${id}`, json: { id, removed: true } };
      }),
    RUN_AGAIN,
  );
  withExamples(remove, `webhooks remove ${ID_EXAMPLE}`);
}

function addDeliveryCommands(
  webhooks: Command,
  { withBilling }: WebhookCommands,
  output: CommandOutput,
): void {
  const list = webhooks
    .command("deliveries <id>")
    .description("list what was sent to an endpoint, newest first")
    .option("--limit <number>", `at most so many, up to ${MAX_LIMIT}`, countUpTo(MAX_LIMIT), 50);
  reporting(list, output, (endpointId: string, { limit }: { limit: number }) =>
    withBilling(async ({ listDeliveries, listWebhookEndpoints }) => {
      const { deliveries, next } = await listDeliveries.execute({ endpointId, limit });
      if (deliveries.length === 0) {
        await expectEndpoint(endpointId, { listWebhookEndpoints });
      }
      const text = deliveries.map(deliveryText).join("\n");
      return {
        text: text === "" ? "Nothing was sent to it" : text,
        json: { deliveries, more: next !== null },
      };
    }),
  );
  withExamples(list, `webhooks deliveries ${ID_EXAMPLE} --limit 10`);
  const replay = webhooks
    .command("replay <id> <delivery>")
    .description("send a delivery again, whatever became of it");
  reporting(
    replay,
    output,
    (endpointId: string, id: string) =>
      withBilling(async ({ replayDelivery }) => {
        const delivery = await replayDelivery.execute({ endpointId, id });
        if (delivery === undefined) {
          throw new Error(`Cannot replay "${id}": the endpoint has no such delivery`);
        }
        return { text: `Due again: ${deliveryText(delivery)}`, json: delivery };
      }),
    RUN_AGAIN,
  );
  withExamples(replay, `webhooks replay ${ID_EXAMPLE} ${ID_EXAMPLE}/pack.bought:clacme0001:7`);
}

/** @throws {Error} where there is no such endpoint */
async function expectEndpoint(
  id: string,
  { listWebhookEndpoints }: Pick<WebhookUseCases, "listWebhookEndpoints">,
): Promise<void> {
  const ids = (await listWebhookEndpoints.execute()).map((endpoint) => endpoint.id);
  if (!ids.includes(id)) {
    const there = ids.length === 0 ? "there is none" : `there are ${ids.join(", ")}`;
    throw new Error(`Cannot list deliveries to "${id}": there is no such endpoint; ${there}`);
  }
}

function savedReport({ endpoint, secret }: { endpoint: WebhookEndpoint; secret: string }) {
  const text = `${endpointText(endpoint)}\n  secret: ${secret}`;
  return { text, json: { ...endpoint, secret } };
}

function endpointText({ id, url, events }: WebhookEndpoint): string {
  return `${id}  ${url}\n  ${events.join(", ")}`;
}

function deliveryText({ id, createdAt, state, attempts, log }: Delivery): string {
  const error = log.at(-1)?.error ?? null;
  const last = error === null ? "" : `\n  ${error}`;
  return `${createdAt.toISOString()}  ${state}  ${counted(attempts, "attempt")}  ${id}${last}`;
}
