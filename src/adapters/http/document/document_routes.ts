import { createRequire } from "node:module";
import { dirname } from "node:path";
import express, { type RequestHandler, type Router } from "express";
import type { OpenApiDocument } from "./open_api_document.ts";

const RENDERER = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));
const FILES = ["swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"];
const START = "start.js";
const DAY_SECONDS = 86_400;

/** Swagger UI sets styles of elements; it loads nothing from elsewhere. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>MailingCore Billing API</title>
    <link rel="icon" href="/docs/favicon-32x32.png">
    <link rel="stylesheet" href="/docs/swagger-ui.css">
  </head>
  <body>
    <div id="api"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/${START}"></script>
  </body>
</html>
`;

const SCRIPT = `SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#api",
  deepLinking: true,
  validatorUrl: null,
});
`;

/**
 * `GET /openapi.json`, and `GET /docs`, which shows it to people.
 *
 * @param document is called once, when somebody first asks for it
 */
export function documentRoutes(document: () => OpenApiDocument): Router {
  const router = express.Router({ caseSensitive: true, strict: true });
  router.get(
    "/openapi.json",
    text("application/json; charset=utf-8", () => JSON.stringify(document())),
  );
  router.get(
    "/docs",
    withPolicy,
    text("text/html; charset=utf-8", () => PAGE),
  );
  router.get(
    `/docs/${START}`,
    text("text/javascript; charset=utf-8", () => SCRIPT),
  );
  for (const file of FILES) {
    router.get(`/docs/${file}`, (_request, response) => {
      response.sendFile(file, { root: RENDERER, maxAge: DAY_SECONDS * 1_000 });
    });
  }
  return router;
}

const withPolicy: RequestHandler = (_request, response, next) => {
  response.setHeader("Content-Security-Policy", POLICY);
  next();
};

/** All answers share the bytes, so that many which nobody reads take no memory of their own. */
function text(type: string, content: () => string): RequestHandler {
  let body: Buffer | undefined;
  return (_request, response) => {
    body ??= Buffer.from(content());
    response.writeHead(200, {
      "Content-Type": type,
      "Content-Length": body.length,
      "Cache-Control": "no-cache",
    });
    response.end(body);
  };
}
