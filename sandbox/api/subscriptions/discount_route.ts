import { resourceMissing } from "../../engine/request_error.ts";
import { emit, emitChange } from "../../engine/transaction.ts";
import { deletedDiscount } from "../invoicing/balance_transactions.ts";
import { type Route, route } from "../route.ts";
import { subscriptionById } from "./find_subscription.ts";

export const subscriptionDiscountRoutes: Route[] = [
  route("DELETE", "/v1/subscriptions/:id/discount", {
    params: {},
    returns: "discount",
    handle: ({ tx, id }) => {
      const subscription = subscriptionById(tx, id);
      const found = tx.state.discounts.get(subscription.discounts.at(-1) ?? "");
      if (found === undefined) {
        throw resourceMissing("discount for subscription", id, "subscription");
      }
      emit(tx, "customer.discount.deleted", found);
      emitChange(tx, "customer.subscription.updated", subscription, (changed) => {
        changed.discounts = [];
      });
      return deletedDiscount(found);
    },
  }),
];
