import type { WirePrice } from "../state/wire.ts";
import type { NewItem } from "./subscription_item.ts";

/** What becomes of the difference in price. */
export type ProrationBehavior = "always_invoice" | "create_prorations" | "none";

/** What happens to one item of a subscription. */
export type ItemChange =
  | { kind: "add"; item: NewItem }
  | {
      kind: "change";
      id: string;
      price: WirePrice;
      quantity: number;
      fields?: NewItem["fields"] | undefined;
    }
  | { kind: "delete"; id: string };
