import { mkdirSync } from "node:fs";
import { expect } from "chai";
import type { Locator, Page } from "playwright-core";
import { accessibilityProblems } from "../watched_page.ts";
import type { Hand, LifeForm } from "./life_forms.ts";

/** So often at most is Tab pressed on the way to something. */
const MOST_TABS = 80;

/** Somebody who does everything on a page in one way, and looks at every step. */
export class Visitor {
  readonly page: Page;
  readonly #form: LifeForm;
  readonly #hand: Hand;

  /** @param hand what everything is done with */
  constructor(page: Page, form: LifeForm, hand: Hand) {
    this.page = page;
    this.#form = form;
    this.#hand = hand;
  }

  /** The same at another page, such as a tab that was opened. */
  at(page: Page): Visitor {
    return new Visitor(page, this.#form, this.#hand);
  }

  /** Waits for what is to be read on the Billing page. */
  async see(...texts: readonly string[]): Promise<void> {
    for (const text of texts) {
      await this.page.locator("mailingcore-billing").getByText(text).first().waitFor();
    }
  }

  /** Waits for a notice of what has just happened, which is in sight. */
  async seeTold(text: string): Promise<void> {
    const told = this.page.getByRole("status").getByText(text);
    await told.waitFor();
    const height = this.page.viewportSize()?.height ?? 0;
    const { y = -1, height: own = 0 } = (await told.boundingBox()) ?? {};
    expect(y, `"${text}" is not above what can be seen`).to.be.at.least(0);
    expect(y + own, `"${text}" is not below what can be seen`).to.be.at.most(height);
  }

  /** Presses a button, by its name, or what else can be pressed. */
  async press(what: string | RegExp | Locator): Promise<void> {
    const isNamed = typeof what === "string" || what instanceof RegExp;
    const target = isNamed ? this.page.getByRole("button", { name: what }) : what;
    await this.#press(target, "Enter");
  }

  /** Presses what loads the page anew, and waits until it has. */
  async submit(what: string): Promise<void> {
    const loaded = this.page.waitForEvent("load");
    await this.press(what);
    await loaded;
  }

  /** Switches a box on or off. */
  async toggle(box: Locator): Promise<void> {
    const before = await box.isChecked();
    await this.#press(box, "Space");
    expect(await box.isChecked()).to.equal(!before);
  }

  async fill(field: Locator, value: string): Promise<void> {
    if (this.#hand === "keyboard") {
      await this.#tabTo(field);
      await this.page.keyboard.press("ControlOrMeta+A");
      await this.page.keyboard.type(value);
    } else {
      await this.#press(field, "");
      await field.fill(value);
    }
  }

  /**
   * Looks whether the page fits the screen, reads in one language and is there for everybody; keeps
   * a picture of it where a folder for them is set.
   */
  async look(step: string): Promise<void> {
    await this.#fits(step);
    const seen = await this.page.locator("mailingcore-billing .billing").innerText();
    expect(seen, step).not.to.match(this.#form.foreign);
    expect(await accessibilityProblems(this.page), step).to.deep.equal([]);
    const isOpen = (await this.page.getByRole("dialog").count()) > 0;
    await this.#picture(step, { fullPage: !isOpen });
  }

  /** The same for a page of Stripe's. */
  async lookAtStripe(step: string): Promise<void> {
    await this.#fits(step);
    await this.#picture(step, { fullPage: true });
  }

  async #press(target: Locator, key: string): Promise<void> {
    switch (this.#hand) {
      case "mouse":
        await target.click();
        break;
      case "finger":
        await target.tap();
        break;
      case "keyboard":
        await this.#tabTo(target);
        await this.page.keyboard.press(key);
        break;
      default:
        this.#hand satisfies never;
    }
  }

  /** Presses Tab until the target has the focus, which can be seen. */
  async #tabTo(target: Locator): Promise<void> {
    await target.waitFor();
    for (let presses = 0; presses < MOST_TABS; presses += 1) {
      if (await target.evaluate((one) => one.matches(":focus-visible"))) {
        const outline = await target.evaluate(outlineOf);
        expect(outline, `the focus on ${target} can be seen`).to.match(/^(solid|auto) [1-9]/);
        return;
      }
      await this.page.keyboard.press("Tab");
    }
    throw new Error(`Cannot reach ${target} by the keyboard`);
  }

  async #fits(step: string): Promise<void> {
    const { scrollWidth, clientWidth } = await this.page
      .locator("html")
      .evaluate(({ scrollWidth, clientWidth }) => ({ scrollWidth, clientWidth }));
    expect(scrollWidth, `${step}: nothing is cut off at the side`).to.be.at.most(clientWidth);
  }

  async #picture(step: string, { fullPage }: { fullPage: boolean }): Promise<void> {
    const { SCREENSHOTS: folder } = process.env;
    if (folder !== undefined) {
      const own = `${folder}/${this.#form.name.replaceAll(", ", "_")}`;
      mkdirSync(own, { recursive: true });
      await this.page.screenshot({ path: `${own}/${step.replaceAll(" ", "_")}.png`, fullPage });
    }
  }
}

/** The outline around an element, such as `solid 2px`. */
function outlineOf(element: unknown): string {
  const { getComputedStyle } = globalThis as unknown as {
    getComputedStyle(of: unknown): { outlineStyle: string; outlineWidth: string };
  };
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  return `${outlineStyle} ${outlineWidth}`;
}
