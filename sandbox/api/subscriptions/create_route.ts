import { createSubscription } from "../../subscriptions/create_subscription.ts";
import { type Route, route } from "../route.ts";
import { CREATE, checkCreate } from "./create_params.ts";
import { creationOf } from "./creation.ts";

/** Makes a subscription without Checkout. */
export const subscriptionCreationRoutes: Route[] = [
  route("POST", "/v1/subscriptions", {
    params: CREATE,
    returns: "subscription",
    check: checkCreate,
    handle: ({ tx, params }) => createSubscription(tx, creationOf(tx, params)),
  }),
];
