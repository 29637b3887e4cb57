import { createHmac } from "node:crypto";
import { expect } from "chai";
import { connectOperator } from "../../../src/composition/operator.ts";
import type { AnyNotification } from "../../../src/domain/notifications/notification.ts";
import { openWebhookReceiver, type WebhookReceiver } from "../../crash/telling/webhook_receiver.ts";
import { settingsOf } from "../../rig/settings_of.ts";
import type { AttentionScene } from "./attention_scene.ts";

const EVENTS = ["attention.raised", "attention.resolved"];

/** A host that is told what waits for somebody, and what does no longer. */
export class ToldHost {
  readonly #scene: AttentionScene;
  readonly #receiver: WebhookReceiver;
  readonly #endpoint: { readonly id: string; readonly secret: string };

  private constructor(
    scene: AttentionScene,
    receiver: WebhookReceiver,
    endpoint: { id: string; secret: string },
  ) {
    this.#scene = scene;
    this.#receiver = receiver;
    this.#endpoint = endpoint;
  }

  /** Adds an endpoint as operators do. */
  static async listen(scene: AttentionScene): Promise<ToldHost> {
    const receiver = await openWebhookReceiver();
    const { url } = receiver;
    const endpoint = await scene.operator("/webhook-endpoints", { url, events: EVENTS });
    return new ToldHost(scene, receiver, endpoint);
  }

  /** All that was told so far: tells what is left to tell, as any process may do beside the others. */
  async told(): Promise<AnyNotification[]> {
    const { billing } = await connectOperator(settingsOf(this.#scene.billing.env));
    try {
      let after: string | undefined;
      do {
        const { next, failures } = await billing.tellAllTenants.execute({ after, limit: 100 });
        expect(failures).to.deep.equal([]);
        after = next;
      } while (after !== undefined);
      do {
        await billing.deliverNotifications.execute({ limit: 100 });
      } while (await this.#isWaiting());
    } finally {
      await billing.close();
    }
    for (const { body, signature } of this.#receiver.arrivals) {
      const seconds = /^t=(\d+),/.exec(signature)?.[1];
      const hmac = createHmac("sha256", this.#endpoint.secret).update(`${seconds}.${body}`);
      expect(signature).to.equal(`t=${seconds},v1=${hmac.digest("hex")}`);
    }
    return this.#receiver.arrivals.map(({ notification }) => notification);
  }

  async close(): Promise<void> {
    await this.#receiver.close();
  }

  async #isWaiting(): Promise<boolean> {
    const { data } = await this.#scene.operator(
      `/webhook-endpoints/${this.#endpoint.id}/deliveries?limit=100`,
    );
    return data.some(({ state }: { state: string }) => state === "waiting");
  }
}
