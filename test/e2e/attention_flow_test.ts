import { expect } from "chai";
import type { Environment } from "../../src/kit/settings.ts";
import { useStarted } from "../rig/started_billing.ts";
import { SECRET } from "../samples/http.ts";
import { AttentionScene } from "./attention/attention_scene.ts";
import { describeOnEveryStore } from "./describe_on_every_store.ts";

await describeOnEveryStore("What is named for somebody to look at, through the sandbox", flow);

/**
 * The tests.
 *
 * @param emptyStore settings that name a store with nothing in it
 */
function flow(emptyStore: () => Promise<Environment>): void {
  const env = async (more: Environment = {}) => ({
    AUTH_JWT_SECRET: SECRET.export().toString("latin1"),
    RECONCILE_REQUESTS_PER_SECOND: "100",
    ...more,
    ...(await emptyStore()),
  });

  describe("by kind", () => {
    const billing = useStarted(() => env());

    it("P41 a refund is settled once its subscription ends; what packs brought is not named", async () => {
      const scene = new AttentionScene(billing);
      const id = await scene.buy("pro");
      await scene.refund(await scene.invoice(), 500);
      expect(await scene.listed("payment_refunded")).to.have.length(1);
      await scene.cancel(id);
      expect(await scene.listed("payment_refunded")).to.deep.equal([]);
      const session = await billing.buy({ packSlug: "starter" });
      await scene.control(`/checkout/${session}/dispute`);
      expect(await scene.listed("payment_charged_back", "?all=true")).to.deep.equal([]);
    });

    it("P37, P41 a comparison finds refunds and disputes that nobody heard of", async function () {
      this.timeout(60_000);
      const scene = new AttentionScene(billing);
      await scene.buy("pro");
      await scene.control("/delivery", { dropRate: 1 });
      await scene.refund(await scene.invoice(), 500);
      await scene.control(`/payments/${await scene.invoice()}/dispute`);
      expect(await scene.listed("payment_refunded")).to.deep.equal([]);
      const dry = await scene.cli("reconcile", "--dry-run");
      expect(dry.out).to.include("Compared 1 tenant");
      expect(await scene.listed("payment_refunded")).to.deep.equal([]);
      await scene.cli("reconcile");
      expect(await scene.listed("payment_refunded")).to.have.length(1);
      const [{ subject, message } = { subject: "", message: "" }] =
        await scene.listed("payment_charged_back");
      const { out } = await scene.cli("attention", "list");
      expect(out).to.include(subject).and.to.include(message);
    });
  });

  describe("by CHARGEBACK_POLICY=end", () => {
    const billing = useStarted(() => env({ CHARGEBACK_POLICY: "end" }));

    it("P41 a payment that is charged back ends its subscription at once, and is named", async () => {
      const scene = new AttentionScene(billing);
      const id = await scene.buy("pro");
      await scene.control(`/payments/${await scene.invoice()}/dispute`, { inquiry: true });
      expect(await billing.subscription()).to.deep.include({ planSlug: "pro", status: "active" });
      await billing.restart();
      await scene.control("/clock", { advanceDays: 31 });
      await scene.control(`/payments/${await scene.invoice()}/dispute`);
      expect((await scene.stripe.subscriptions.retrieve(id)).status).to.equal("canceled");
      expect((await billing.subscription()).limits.monthlyEmailLimit).to.equal(100);
      const listed = await scene.listed("payment_charged_back");
      expect(listed.map(({ message }) => message.split("; ")[1])).to.deep.equal([
        "the subscription has ended",
      ]);
      await scene.winDispute();
      expect(await scene.listed("payment_charged_back")).to.deep.equal([]);
    });
  });
}
