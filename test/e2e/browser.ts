import { type HTMLElement, parse } from "node-html-parser";

const MAX_REDIRECTS = 10;

/**
 * A browser without JavaScript: it opens pages, fills forms in and presses buttons the way a person
 * would, by what is written on them, and follows redirects.
 */
export class Browser {
  #url = "about:blank";
  #status = 0;
  #page: HTMLElement = parse("");

  /** Where the browser is now. */
  get url(): string {
    return this.#url;
  }

  /** The HTTP status of the page. */
  get status(): number {
    return this.#status;
  }

  /** The visible text of the page. */
  get text(): string {
    const body = this.#page.querySelector("body") ?? this.#page;
    return body.structuredText;
  }

  /** Opens an address, relative ones from the current page. */
  async open(url: string): Promise<void> {
    await this.#go(new URL(url, this.#url === "about:blank" ? undefined : this.#url), {
      method: "GET",
    });
  }

  /** Follows the link with that text. */
  async click(text: string): Promise<void> {
    const link = this.#page.querySelectorAll("a[href]").find((a) => a.text.trim() === text);
    const href = link?.getAttribute("href");
    if (href === undefined) {
      throw new Error(`Cannot click "${text}": ${this.#url} has no such link. ${this.text}`);
    }
    await this.open(href);
  }

  /**
   * Presses the button with that text.
   *
   * @param fields what is typed into the form first, by field name
   */
  async press(text: string, fields: Readonly<Record<string, string>> = {}): Promise<void> {
    const button = this.#page
      .querySelectorAll("button")
      .find((candidate) => candidate.text.trim() === text);
    const form = button?.closest("form");
    if (!button || !form) {
      throw new Error(`Cannot press "${text}": ${this.#url} has no such button. ${this.text}`);
    }
    const values = new URLSearchParams();
    for (const input of form.querySelectorAll("input[name]")) {
      values.set(input.getAttribute("name") ?? "", input.getAttribute("value") ?? "");
    }
    for (const [name, value] of Object.entries(fields)) {
      if (!values.has(name)) {
        throw new Error(`Cannot fill in "${name}": the form at ${this.#url} has no such field`);
      }
      values.set(name, value);
    }
    const name = button.getAttribute("name");
    if (name !== undefined) {
      values.set(name, button.getAttribute("value") ?? "");
    }
    const target = new URL(form.getAttribute("action") ?? this.#url, this.#url);
    const method = (form.getAttribute("method") ?? "get").toUpperCase();
    if (method === "GET") {
      target.search = values.toString();
      await this.#go(target, { method });
    } else {
      await this.#go(target, {
        method,
        body: values,
        headers: { origin: new URL(this.#url).origin, "sec-fetch-site": "same-origin" },
      });
    }
  }

  async #go(url: URL, init: RequestInit): Promise<void> {
    let target = url;
    let request = init;
    for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
      const response = await fetch(target, { ...request, redirect: "manual" });
      const location = response.headers.get("location");
      if (response.status < 300 || response.status > 399 || location === null) {
        this.#url = target.href;
        this.#status = response.status;
        this.#page = parse(await response.text());
        return;
      }
      await response.arrayBuffer();
      target = new URL(location, target);
      request = response.status === 307 || response.status === 308 ? request : { method: "GET" };
    }
    throw new Error(`Cannot open ${url}: too many redirects`);
  }
}
