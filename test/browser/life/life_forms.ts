import type { BrowserContextOptions } from "playwright-core";
import { DESKTOP, PHONE } from "../billing_page_rig.ts";
import { LIFE_WORDS, type LifeWords } from "./life_words.ts";

/** How a visitor acts on pages. */
export type Hand = "mouse" | "finger" | "keyboard";

/** A form of the page in which a whole life is lived. */
export interface LifeForm {
  readonly name: string;
  readonly tenantId: string;
  readonly words: LifeWords;
  /** Words and amounts that the page would not show in this language. */
  readonly foreign: RegExp;
  /** What buys the plan, and what does the rest. */
  readonly hands: readonly [Hand, Hand];
  readonly browser: BrowserContextOptions;
}

const LANGUAGES = {
  English: {
    locale: "en-US",
    words: LIFE_WORDS.english,
    foreign: /\b(el|los|las|su|con|del|mes|para|que|ha)\b|\d\u00a0€/,
  },
  Spanish: {
    locale: "es-ES",
    words: LIFE_WORDS.spanish,
    foreign: /\b(the|of|and|with|your|on|at|after|time|month|is|are|to|paid)\b|€\d/,
  },
} as const;

const SCREENS = {
  wide: { hands: ["keyboard", "mouse"], browser: { viewport: DESKTOP } },
  phone: {
    hands: ["finger", "finger"],
    browser: { viewport: PHONE, hasTouch: true, isMobile: true },
  },
} as const;

const SCHEMES = ["light", "dark"] as const;

const ALL = Object.entries(LANGUAGES).flatMap(([language, { locale, words, foreign }]) =>
  Object.entries(SCREENS).flatMap(([screen, { hands, browser }]) =>
    SCHEMES.map((colorScheme, index) => ({
      name: `${language}, ${screen}, ${colorScheme}`,
      tenantId: `cl${language}${screen}${index}`.toLowerCase(),
      words,
      foreign,
      hands,
      browser: { ...browser, locale, colorScheme, reducedMotion: "reduce" as const },
    })),
  ),
);

/** Two that differ in everything. */
const SOME = "English, wide, light; Spanish, phone, dark";

/**
 * The forms to live in: those that are named, or `all`.
 *
 * @throws {Error} for a name that none has
 */
export function lifeForms(names: string = SOME): readonly LifeForm[] {
  if (names === "all") {
    return ALL;
  }
  return names.split("; ").map((wanted) => {
    const form = ALL.find(({ name }) => name === wanted);
    if (form === undefined) {
      const there = ALL.map(({ name }) => name).join("; ");
      throw new Error(`LIFE_FORMS has no form "${wanted}". There are: all; ${there}`);
    }
    return form;
  });
}
