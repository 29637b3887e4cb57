/** The contents of the page. */
export interface DashboardPageOptions {
  /** The module that starts the page, and all modules it imports. */
  readonly modules: readonly string[];
  readonly styleSheet: string;
  /** The address at which the page asks who is signed in; `null` for none. */
  readonly sessionUrl: string | null;
  /** Whether it may explain to developers how to sign in. */
  readonly development: boolean;
}

/** Returns the standalone page, which is the same for all tenants and users. */
export function dashboardPage(options: DashboardPageOptions): string {
  const { modules, styleSheet, sessionUrl, development } = options;
  const session = sessionUrl === null ? "" : ` data-session-url="${escapeAttribute(sessionUrl)}"`;
  const preloads = modules.map((name) => `<link rel="modulepreload" href="assets/${name}">`);
  return `<!doctype html>
<html lang="en"${session}${development ? " data-development" : ""}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>Billing</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="assets/${styleSheet}">
${preloads.join("\n")}
<script type="module" src="assets/${modules.at(-1)}"></script>
</head>
<body>
<main></main>
<noscript><p>This page needs JavaScript.</p></noscript>
</body>
</html>
`;
}

/**
 * Returns the page's Content-Security-Policy. It allows the page's own scripts and styles, its own
 * service and, if it is another one, the origin that knows who is signed in. It allows nothing else
 * and no text that becomes code.
 */
export function dashboardPolicy(sessionUrl: string | null): string {
  const own = sessionUrl === null || !URL.canParse(sessionUrl);
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `connect-src 'self'${own ? "" : ` ${new URL(sessionUrl).origin}`}`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
}

function escapeAttribute(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}
