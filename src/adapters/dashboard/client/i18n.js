import { DIGITS, SHOWN_WHOLE } from "./currency_digits.js";
import { MESSAGES } from "./messages.js";

/**
 * The values for placeholders like `{name}`: strings are used as they are; numbers and dates are
 * formatted for the locale.
 *
 * @typedef {Readonly<Record<string, string | number | Date>>} Values
 */

const FALLBACK = "en";
/** Billing dates are UTC dates, as on invoices. */
const UTC = { timeZone: "UTC" };

/** Formats texts and values for one locale. */
export class I18n {
  /** @type {string} */
  locale;
  #messages;
  #plural;
  #number;
  #date;

  /** @param {string} locale one that `chooseLocale` answered */
  constructor(locale) {
    this.locale = locale;
    this.#messages = messagesOf(locale) ?? MESSAGES[FALLBACK];
    this.#plural = new Intl.PluralRules(locale);
    this.#number = new Intl.NumberFormat(locale, { useGrouping: "always" });
    this.#date = new Intl.DateTimeFormat(locale, { dateStyle: "long", ...UTC });
  }

  /**
   * Returns a message with its values filled in.
   *
   * @param {import("./messages.js").MessageKey} key
   * @param {Values} [values]
   * @returns {string}
   */
  t(key, values = {}) {
    const message = this.#messages?.[key] ?? key;
    const text =
      typeof message === "string"
        ? message
        : (message[this.#plural.select(Number(values.count))] ?? message.other ?? "");
    return text.replace(/\{(\w+)\}/g, (_, name) => this.#written(values[name] ?? ""));
  }

  /** @param {number} number */
  number(number) {
    return this.#number.format(number);
  }

  /** Formats a large number in a few characters. @param {number} number */
  compact(number) {
    return new Intl.NumberFormat(this.locale, { notation: "compact" }).format(number);
  }

  /**
   * @param {number} fraction 0.8 is 80 %
   * @returns {string}
   */
  percent(fraction) {
    return new Intl.NumberFormat(this.locale, { style: "percent" }).format(fraction);
  }

  /**
   * @param {number} amount minor units
   * @param {string} currency ISO 4217
   */
  money(amount, currency) {
    const code = currency.toLowerCase();
    const digits = DIGITS[code] ?? 2;
    const shown = SHOWN_WHOLE.includes(code) ? 0 : digits;
    const format = new Intl.NumberFormat(this.locale, {
      style: "currency",
      currency,
      useGrouping: "always",
      minimumFractionDigits: shown,
      maximumFractionDigits: shown,
    });
    return format.format(amount / 10 ** digits);
  }

  /** @param {string} iso */
  date(iso) {
    return this.#date.format(new Date(iso));
  }

  /** Formats a date and time in the reader's time zone. @param {string} iso */
  time(iso) {
    return new Intl.DateTimeFormat(this.locale, { dateStyle: "medium", timeStyle: "short" }).format(
      new Date(iso),
    );
  }

  /** @param {string} iso */
  shortDate(iso) {
    return new Intl.DateTimeFormat(this.locale, { dateStyle: "medium", ...UTC }).format(
      new Date(iso),
    );
  }

  /**
   * Formats the month in which a card expires.
   *
   * @param {number} month
   * @param {number} year
   */
  cardDate(month, year) {
    const date = new Date(Date.UTC(year, month - 1));
    return new Intl.DateTimeFormat(this.locale, {
      month: "2-digit",
      year: "numeric",
      ...UTC,
    }).format(date);
  }

  /**
   * Names the month that begins at a date; adds the day unless it is the first.
   *
   * @param {string} iso
   */
  month(iso) {
    const date = new Date(iso);
    /** @type {Intl.DateTimeFormatOptions} */
    const parts = date.getUTCDate() === 1 ? { month: "short" } : { day: "numeric", month: "short" };
    return new Intl.DateTimeFormat(this.locale, { ...parts, ...UTC }).format(date);
  }

  /** @param {string | number | Date} value */
  #written(value) {
    if (value instanceof Date) {
      return this.#date.format(value);
    }
    return typeof value === "number" ? this.number(value) : isolated(value);
  }
}

const RIGHT_TO_LEFT = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]/u;

/** Keeps a name that is written from right to left from moving what stands around it. @param {string} text */
function isolated(text) {
  return RIGHT_TO_LEFT.test(text) ? `\u2068${text}\u2069` : text;
}

/**
 * Returns the first locale whose language has messages.
 *
 * @param {readonly (string | null | undefined)[]} wanted
 * @returns {string}
 */
export function chooseLocale(wanted) {
  return wanted.find((locale) => locale && messagesOf(locale) !== undefined) ?? FALLBACK;
}

/** @param {string} locale */
function messagesOf(locale) {
  const language = /^[a-z]{2,3}(?=$|-)/i.exec(locale)?.[0].toLowerCase() ?? "";
  return Object.hasOwn(MESSAGES, language) && isLocale(locale) ? MESSAGES[language] : undefined;
}

/** @param {string} locale */
function isLocale(locale) {
  try {
    return Intl.getCanonicalLocales(locale).length === 1;
  } catch {
    return false;
  }
}
