import { listAll, type PageCursor, readAll } from "./list_all.ts";
import type { WireObject } from "./wire_object.ts";

/**
 * All objects of a list that Stripe embeds in another object, read anew where it is cut off.
 *
 * @param owner the object around it, and the `object` field of each element
 * @throws {PortError}
 */
export async function wholeList(
  embedded: WireObject,
  { id, object }: { id: string; object: string },
  requestPage: (cursor: PageCursor) => Promise<unknown>,
): Promise<readonly WireObject[]> {
  if (!embedded.flag("has_more")) {
    return embedded.objects("data");
  }
  const action = `list the ${object}s of "${id}"`;
  return await readAll(listAll({ action, object }, requestPage));
}
