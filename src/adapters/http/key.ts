import { Type } from "typebox";
import { KEY_PATTERN, KEY_RULE } from "../../domain/text.ts";
import { input } from "./input.ts";
import { closed } from "./schema.ts";

/** A name that a caller gives to what it asks for (P46). */
export const KEY_SCHEMA = Type.String({ pattern: KEY_PATTERN, description: KEY_RULE });

/** The key in a path. */
export const KEY_PARAMS = input(closed({ key: KEY_SCHEMA }));

/** The id of something that is kept here. */
export const ID = Type.String({ minLength: 1 });

/** Such an id, in a path. */
export const ID_PARAMS = input(closed({ id: ID }));
