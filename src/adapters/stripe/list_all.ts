import { PortError } from "../../application/ports/port_error.ts";
import { callStripe } from "./call_stripe.ts";
import type { WireObject } from "./wire_object.ts";

/** Where a page of a list begins: after the object with this id, or at the start. */
export type PageCursor = { readonly starting_after?: string };

/**
 * Yields the objects of a list in Stripe's order (most lists are newest first). Reads each page
 * only when its first object is asked for.
 *
 * @param expected the action, and the `object` field of each element
 * @throws {PortError} also if a page repeats the one before, because the list would never end
 */
export async function* listAll(
  expected: { action: string; object: string },
  requestPage: (cursor: PageCursor) => Promise<unknown>,
): AsyncGenerator<WireObject, void, undefined> {
  const { action, object } = expected;
  let after: string | undefined;
  while (true) {
    const cursor = after === undefined ? {} : { starting_after: after };
    const { wire: page } = await callStripe({ action, object: "list" }, () => requestPage(cursor));
    let last: string | undefined;
    for (const element of page.objects("data")) {
      last = element.text("id");
      if (element.text("object") !== object) {
        throw new PortError(`Cannot ${action}: "${last}" is no ${object}`, { transient: false });
      }
      yield element.named(`${object} "${last}"`);
    }
    if (!page.flag("has_more")) {
      return;
    }
    if (last === undefined || last === after) {
      throw new PortError(`Cannot ${action}: Stripe's pages do not end`, { transient: false });
    }
    after = last;
  }
}

/** Reads all pages of a list into an array. */
export async function readAll(pages: AsyncIterable<WireObject>): Promise<WireObject[]> {
  const all: WireObject[] = [];
  for await (const wire of pages) {
    all.push(wire);
  }
  return all;
}
