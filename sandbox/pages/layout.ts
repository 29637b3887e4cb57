import type { Response } from "express";
import { type Html, html } from "./html.ts";

/** A page to be sent. */
export interface Page {
  title: string;
  body: Html;
  /** `wide` has room for two columns, `checkout` is two columns where there is room. */
  layout?: "wide" | "checkout";
  /** 200 by default. */
  status?: number;
  /** Other sites that a form of this page may end up at by a redirect. */
  formTargets?: readonly (string | null | undefined)[];
}

/** Sends a page with a policy that allows nothing but our style sheet and icon, and the forms' targets. */
export function sendPage(response: Response, page: Page): void {
  const targets = (page.formTargets ?? []).flatMap(originOf);
  response
    .status(page.status ?? 200)
    .set({
      "Cache-Control": "no-store",
      "Content-Security-Policy": [
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        `form-action 'self' ${targets.join(" ")}`.trim(),
        "base-uri 'none'",
        "frame-ancestors 'none'",
      ].join("; "),
      "Referrer-Policy": "same-origin",
      "X-Content-Type-Options": "nosniff",
    })
    .type("html")
    .send(document(page).text);
}

/** A page that only says something. */
export function messagePage(
  title: string,
  text: string,
  { status, back, tone }: { status: number; back?: string | null; tone?: "good" | "warn" },
): Page {
  return {
    title,
    status,
    body: html`<section class="card message ${tone}">
<h1>${title}</h1>
<p>${text}</p>
${back && html`<p><a class="button quiet" href="${back}">${backText(back)}</a></p>`}
</section>`,
  };
}

/** A date as people read it, from Unix seconds. */
export function formatDate(seconds: number): string {
  const format = new Intl.DateTimeFormat("en-US", { dateStyle: "long", timeZone: "UTC" });
  return format.format(new Date(seconds * 1000));
}

function document(page: Page): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${page.title} · Sandbox</title>
<link rel="icon" type="image/svg+xml" href="/sandbox.svg">
<link rel="stylesheet" href="/sandbox.css">
</head>
<body>
<header class="banner"><strong>Sandbox — no real money</strong>
<span>Only test cards work here.</span></header>
<main class="${layoutClass(page)}">
${page.body}
</main>
<footer class="foot">A stand-in for Stripe that runs on this machine. It is not Stripe.</footer>
</body>
</html>
`;
}

function layoutClass({ layout }: Page): string {
  return layout === "checkout" ? "wide checkout" : (layout ?? "");
}

/** Addresses with a host are those of the site that sent the customer here. */
function backText(address: string): string {
  return URL.canParse(address) ? "Return to the site" : "Go back";
}

function originOf(address: string | null | undefined): string[] {
  const origin = URL.parse(address ?? "")?.origin;
  return origin === undefined || origin === "null" ? [] : [origin];
}
