import type { NotificationType } from "../../domain/notifications/notification.ts";
import type { NotificationTarget } from "../../domain/notifications/notification_target.ts";
import type { Clock } from "../ports/clock.ts";
import type { WebhookSender } from "../ports/notifications/webhook_sender.ts";
import type { NotificationTargets } from "./notification_targets.ts";

/** A webhook endpoint as shown, without its secrets. */
export interface WebhookEndpoint {
  readonly id: string;
  readonly url: string;
  readonly events: readonly NotificationType[];
  readonly createdAt: Date;
  /** Number of signing secrets: two during a rotation. */
  readonly secrets: number;
}

/** The outcome of adding an endpoint or a secret. */
export type EndpointOutcome =
  /** `secret` is revealed only here. */
  | { readonly type: "saved"; readonly endpoint: WebhookEndpoint; readonly secret: string }
  /** The address is not allowed. `problem` follows "The address must". */
  | { readonly type: "refused"; readonly problem: string }
  | { readonly type: "unknown" };

const SECRET_BYTES = 32;
const MOST_SECRETS = 2;

interface Ports {
  readonly targets: NotificationTargets;
  readonly webhookSender: WebhookSender;
  readonly clock: Clock;
}

/** Adds a webhook endpoint, which hears of everything from then on. */
export class AddWebhookEndpoint {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** @throws {PortError} */
  async execute({
    url,
    events,
  }: {
    url: string;
    events: readonly NotificationType[];
  }): Promise<EndpointOutcome> {
    const { targets, webhookSender, clock } = this.#ports;
    const problem = webhookSender.problemOf(url);
    if (problem !== null) {
      return { type: "refused", problem };
    }
    const id = `whe_${crypto.randomUUID().replaceAll("-", "")}`;
    const secret = newSecret();
    const target = { id, url, events, createdAt: clock(), secrets: [secret] };
    await targets.change(id, () => target);
    return { type: "saved", endpoint: endpointOf({ ...target, url }), secret };
  }
}

/** Gives an endpoint a new secret. The previous one continues to sign; older ones stop. */
export class RotateWebhookSecret {
  readonly #targets: NotificationTargets;

  constructor({ targets }: Pick<Ports, "targets">) {
    this.#targets = targets;
  }

  /** @throws {PortError} */
  async execute({ id }: { id: string }): Promise<EndpointOutcome> {
    const secret = newSecret();
    const saved = await this.#targets.change(id, (found) =>
      found?.url == null
        ? undefined
        : { ...found, secrets: [secret, ...found.secrets].slice(0, MOST_SECRETS) },
    );
    return isEndpoint(saved)
      ? { type: "saved", endpoint: endpointOf(saved), secret }
      : { type: "unknown" };
  }
}

/** Removes an endpoint and cancels its pending deliveries. */
export class RemoveWebhookEndpoint {
  readonly #targets: NotificationTargets;

  constructor({ targets }: Pick<Ports, "targets">) {
    this.#targets = targets;
  }

  /** Returns false if there is no such endpoint. @throws {PortError} */
  async execute({ id }: { id: string }): Promise<boolean> {
    const endpoints = (await this.#targets.all()).filter(isEndpoint);
    return endpoints.some((endpoint) => endpoint.id === id) && (await this.#targets.remove(id));
  }
}

/** Lists the webhook endpoints. */
export class ListWebhookEndpoints {
  readonly #targets: NotificationTargets;

  constructor({ targets }: Pick<Ports, "targets">) {
    this.#targets = targets;
  }

  /** @throws {PortError} */
  async execute(): Promise<readonly WebhookEndpoint[]> {
    return (await this.#targets.all()).filter(isEndpoint).map(endpointOf);
  }
}

type EndpointTarget = NotificationTarget & { readonly url: string };

function isEndpoint(target: NotificationTarget | undefined): target is EndpointTarget {
  return target !== undefined && target.url !== null;
}

function endpointOf({ id, url, events, createdAt, secrets }: EndpointTarget): WebhookEndpoint {
  return { id, url, events, createdAt, secrets: secrets.length };
}

function newSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
  return `whsec_${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
