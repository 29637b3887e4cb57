import { ENGLISH } from "./messages/english.js";
import { SPANISH } from "./messages/spanish.js";

/**
 * `{name}` is a placeholder; an object has one text per plural category of the number `count`.
 *
 * @typedef {string | Readonly<Partial<Record<Intl.LDMLPluralRule, string>>>} Message
 */

/** @typedef {keyof typeof ENGLISH} MessageKey */

/**
 * All texts of the page, by language.
 *
 * @type {Readonly<Record<string, Readonly<Record<MessageKey, Message>>>>}
 */
export const MESSAGES = { en: ENGLISH, es: SPANISH };
