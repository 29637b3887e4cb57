import { listAll, type PageCursor, readAll } from "./list_all.ts";
import type { WireObject } from "./wire_object.ts";

/**
 * Returns all objects of an embedded list; reads the list anew if Stripe cut it off.
 *
 * @param owner the id of the surrounding object, and the `object` field of each element
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
