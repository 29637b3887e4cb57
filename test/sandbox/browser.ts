/** A form of a page: its address, its fields as they stand, and its buttons. */
export interface Form {
  action: string;
  fields: Record<string, string>;
  buttons: { text: string; name: string; value: string }[];
}

/** A page that was fetched; redirects are not followed. */
export interface Visited {
  status: number;
  headers: Headers;
  location: string | null;
  markup: string;
  /** What a reader sees, without markup. */
  text: string;
  forms: Form[];
  links: Record<string, string>;
}

/** Fetches a page. */
export async function visit(url: string, init: RequestInit = {}): Promise<Visited> {
  const response = await fetch(url, { redirect: "manual", ...init });
  const markup = await response.text();
  const location = response.headers.get("location");
  return {
    status: response.status,
    headers: response.headers,
    location: location === null ? null : new URL(location, url).href,
    markup,
    text: unescapeText(markup.replaceAll(/<[^>]*>/g, " ")).replaceAll(/\s+/g, " "),
    forms: [...markup.matchAll(/<form([^>]*)>([\s\S]*?)<\/form>/g)].map(
      ([, head = "", body = ""]) => readForm(head, body),
    ),
    links: Object.fromEntries(
      [...markup.matchAll(/<a([^>]*)>([\s\S]*?)<\/a>/g)].map(([, head = "", text = ""]) => [
        unescapeText(text),
        attribute(head, "href"),
      ]),
    ),
  };
}

/** Fills in a page's form, or the one with this index, and sends it. */
export function submit(
  base: string,
  page: Visited,
  changes: Record<string, string> = {},
  options: { form?: number; headers?: Record<string, string> } = {},
): Promise<Visited> {
  const form = page.forms[options.form ?? 0];
  if (form === undefined) {
    throw new Error(`The page has no such form: ${page.text}`);
  }
  return visit(new URL(form.action, base).href, {
    method: "POST",
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      ...options.headers,
    },
    body: new URLSearchParams({ ...form.fields, ...changes }).toString(),
  });
}

function readForm(head: string, body: string): Form {
  const inputs = [...body.matchAll(/<input([^>]*)>/g)].map(([, tag = ""]) => [
    attribute(tag, "name"),
    attribute(tag, "value"),
  ]);
  const buttons = [...body.matchAll(/<button([^>]*)>([\s\S]*?)<\/button>/g)];
  return {
    action: attribute(head, "action"),
    fields: Object.fromEntries(inputs),
    buttons: buttons.map(([, tag = "", text = ""]) => ({
      text: unescapeText(text),
      name: attribute(tag, "name"),
      value: attribute(tag, "value"),
    })),
  };
}

function attribute(tag: string, name: string): string {
  const match = new RegExp(`\\b${name}="([^"]*)"`).exec(tag);
  return unescapeText(match?.[1] ?? "");
}

function unescapeText(text: string): string {
  return text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");
}
