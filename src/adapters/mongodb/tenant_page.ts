import type { mongo } from "mongoose";
import type { TenantPage } from "../../application/ports/subscription/account_store.ts";
import type { MongoDatabase } from "./mongo_database.ts";
import { exactText } from "./stored_value.ts";

/** Reads a page of a collection whose `_id` is the tenant's id, in ascending order. */
export async function tenantPage(
  database: MongoDatabase,
  source: { readonly in: string; readonly filter?: mongo.Document },
  { after = "", limit }: TenantPage,
): Promise<readonly unknown[]> {
  if (limit === 0) {
    return [];
  }
  const options = { sort: { _id: 1 }, limit, ...database.serverLimit } as const;
  return await database
    .collection<{ readonly _id: string }>(source.in)
    .find({ ...source.filter, _id: { $gt: exactText(after) } }, options)
    .toArray();
}
