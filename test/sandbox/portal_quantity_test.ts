import { expect } from "chai";
import { submit, visit } from "./browser.ts";
import { type Rig, seed, startRig, stopRigs, subscribe } from "./rig.ts";

/**
 * stripe-node, `BillingPortal.ConfigurationCreateParams.Features.SubscriptionUpdate`:
 * `default_allowed_updates` with `quantity` and `promotion_code`, `products[].adjustable_quantity`.
 */
describe("quantities and promotion codes in the sandbox's Portal", () => {
  afterEach(stopRigs);

  async function opened(allowed: ("price" | "quantity" | "promotion_code")[]) {
    const rig: Rig = await startRig();
    const catalog = await seed(rig);
    const subscription = await subscribe(rig, catalog);
    const { customer, product, price } = catalog;
    const range = { enabled: true, minimum: 1, maximum: 5 };
    await rig.stripe.billingPortal.configurations.create({
      features: {
        subscription_update: {
          enabled: true,
          default_allowed_updates: allowed,
          proration_behavior: "always_invoice",
          products: [{ product: product.id, prices: [price.id], adjustable_quantity: range }],
        },
      },
    });
    const { url } = await rig.stripe.billingPortal.sessions.create({ customer: customer.id });
    const update = `${url}/subscriptions/${subscription.id}/update`;
    const now = () => rig.stripe.subscriptions.retrieve(subscription.id);
    return { rig, update, choice: `${update}/${price.id}`, now };
  }

  it("are chosen where the configuration lets customers, within its range", async () => {
    const { update, choice, now } = await opened(["quantity"]);
    expect((await visit(update)).text).to.contain("Quantity");
    expect((await visit(`${choice}?quantity=6`)).status).to.equal(409);
    const page = await visit(`${choice}?quantity=3`);
    expect(page.status).to.equal(200);
    await submit(choice, page);
    expect((await now()).items.data[0]?.quantity).to.equal(3);
  });

  it("cannot be chosen elsewhere", async () => {
    const { choice, now } = await opened(["price"]);
    expect((await visit(`${choice}?quantity=3`)).status).to.equal(409);
    expect((await visit(`${choice}?code=HALF`)).status).to.equal(409);
    expect((await now()).items.data[0]?.quantity).to.equal(1);
  });

  it("codes are redeemed with an update, where they can be used", async () => {
    const { rig, choice, now } = await opened(["promotion_code"]);
    const { id: coupon } = await rig.stripe.coupons.create({
      percent_off: 50,
      duration: "forever",
    });
    await rig.stripe.promotionCodes.create({
      code: "HALF",
      promotion: { type: "coupon", coupon },
    });
    expect((await visit(`${choice}?code=NONE`)).status).to.equal(409);
    await submit(choice, await visit(`${choice}?code=half`));
    expect((await now()).discounts).to.have.length(1);
  });
});
