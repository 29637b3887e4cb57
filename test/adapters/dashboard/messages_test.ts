import { readdirSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { chooseLocale, I18n } from "../../../src/adapters/dashboard/client/i18n.js";
import { MESSAGES } from "../../../src/adapters/dashboard/client/messages.js";
import { LIMIT_FIELDS } from "../../../src/domain/catalog/plan_limits.ts";

type Message = string | Readonly<Record<string, string>>;

const CLIENT = "src/adapters/dashboard/client";
const LANGUAGES = Object.keys(MESSAGES);

function messagesOf(language: string): [string, Message][] {
  return Object.entries(MESSAGES[language] ?? {}) as [string, Message][];
}

function textsOf(message: Message | undefined): string[] {
  return typeof message === "string" ? [message] : Object.values(message ?? {});
}

function placeholdersOf(message: Message | undefined): string[] {
  const names = textsOf(message).flatMap((text) => text.match(/\{\w+\}/g) ?? []);
  return [...new Set(names)].toSorted();
}

describe("the page's messages", () => {
  it("are there in English and Spanish", () => {
    expect(LANGUAGES).to.have.members(["en", "es"]);
  });

  it("say each limit, as a number of things and by its name", () => {
    const keys = messagesOf("en").map(([key]) => key);
    expect(keys).to.include.members(LIMIT_FIELDS.flatMap((field) => [field, `${field}Name`]));
  });

  it("are the same ones in every language, with the same values to fill in", () => {
    const english = new Map(messagesOf("en"));
    for (const language of LANGUAGES) {
      const messages = messagesOf(language);
      expect(messages.map(([key]) => key)).to.have.members([...english.keys()]);
      for (const [key, message] of messages) {
        expect(placeholdersOf(message), `${language} ${key}`).to.deep.equal(
          placeholdersOf(english.get(key)),
        );
      }
    }
  });

  it("have a text for every plural of their language, and none that is empty", () => {
    for (const language of LANGUAGES) {
      const plural = new Intl.PluralRules(language);
      for (const [key, message] of messagesOf(language)) {
        const forms = typeof message === "string" ? [] : Object.keys(message);
        const needed = [0, 1, 2, 5, 100].map((count) => plural.select(count));
        for (const form of typeof message === "string" ? [] : needed) {
          expect(forms, `${language} ${key}`).to.include(form);
        }
        expect(textsOf(message).every((text) => text.trim() !== "")).to.equal(true);
      }
    }
  });

  it("are translated: few texts are the same in both", () => {
    const spanish = new Map(messagesOf("es"));
    const same = messagesOf("en").filter(
      ([key, message]) => JSON.stringify(message) === JSON.stringify(spanish.get(key)),
    );
    expect(same.length / spanish.size, String(same.map(([key]) => key))).to.be.lessThan(0.1);
  });

  it("are all that the page says: no component has words of its own", () => {
    const wordsIn = (source: string) =>
      source.match(/>\s*[^<>${}`]*[A-Za-z]{3,}[^<>${}`]*</g) ?? [];
    expect(wordsIn("html`<p>Own words</p>`")).to.have.length(1);
    const folder = `${CLIENT}/components`;
    const words = readdirSync(folder).flatMap((file) =>
      wordsIn(readFileSync(`${folder}/${file}`, "utf8")).map((text) => `${file}: ${text}`),
    );
    expect(words).to.deep.equal([]);
  });

  it("every one is used", () => {
    const sources = readdirSync(CLIENT, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".js") && !file.startsWith("messages"))
      .map((file) => readFileSync(`${CLIENT}/${file}`, "utf8"))
      .join("\n");
    const ofLimits = LIMIT_FIELDS.flatMap((field) => [field, `${field}Name`, `${field}Unlimited`]);
    const unused = messagesOf("en").filter(
      ([key]) => !sources.includes(key) && !ofLimits.includes(key),
    );
    expect(unused.map(([key]) => key)).to.deep.equal([]);
  });
});

describe("the page's languages", () => {
  it("are chosen by the first that is known, whatever the region", () => {
    expect(chooseLocale(["fr", "es-MX", "en"])).to.equal("es-MX");
    expect(chooseLocale([null, undefined, "", "EN-gb"])).to.equal("EN-gb");
    for (const unknown of ["de", "x", "__proto__", "constructor", "en_US", "es--", "<b>"]) {
      expect(chooseLocale([unknown]), unknown).to.equal("en");
    }
  });

  it("keep names that are written from right to left in their place", () => {
    const english = new I18n("en");
    expect(english.t("keepPlan", { plan: "Pro" })).to.equal("Keep Pro");
    expect(english.t("keepPlan", { plan: "خطة!" })).to.equal("Keep \u2068خطة!\u2069");
  });

  it("write money in minor units, with the digits of its currency", () => {
    const [english, spanish] = [new I18n("en"), new I18n("es")];
    expect(english.money(4_900, "eur")).to.equal("€49.00");
    expect(spanish.money(4_900, "eur")).to.match(/^49,00\s€$/);
    expect(english.money(4_900, "jpy")).to.equal("¥4,900");
    expect(spanish.money(4_900, "jpy"), "as other numbers").to.match(/^4\.900\s/);
    expect(english.money(-5, "usd")).to.equal("-$0.05");
  });

  it("write dates by the calendar of invoices, which is UTC's", () => {
    expect(new I18n("en").date("2026-12-31T23:59:59.999Z")).to.equal("December 31, 2026");
    expect(new I18n("es").date("2026-12-31T23:59:59.999Z")).to.equal("31 de diciembre de 2026");
  });

  it("fill values in by number, date and plural, and no value is read as a message", () => {
    const english = new I18n("en");
    expect(english.t("busyText", { count: 1 })).to.equal("Try again in 1 second.");
    expect(english.t("busyText", { count: 1_200 })).to.equal("Try again in 1,200 seconds.");
    const date = new Date("2026-12-23T10:00:00Z");
    expect(english.t("sentenceRenews", { date })).to.equal("Renews on December 23, 2026.");
    expect(english.t("sentenceRenews", { date: "{date} $& $1" })).to.equal(
      "Renews on {date} $& $1.",
    );
  });
});
