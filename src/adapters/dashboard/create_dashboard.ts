import type { IncomingMessage, ServerResponse } from "node:http";
import { AssetCollector, type Assets } from "./client_assets.ts";
import { dashboardPage, dashboardPolicy } from "./dashboard_page.ts";
import type { DevelopmentSession } from "./development_session.ts";
import { FixedReply } from "./fixed_reply.ts";

export { type DashboardSession, DevelopmentSession } from "./development_session.ts";

/** Options of the Billing page. */
export interface DashboardOptions {
  /**
   * The address at which the page asks for `{"token", "tenantId"}`, by POST and with the browser's
   * cookies. Default: none; the page says that nobody is signed in.
   */
  readonly sessionUrl?: string | null | undefined;
  /** Signs developers in through a printed link. Default: off. */
  readonly development?: DevelopmentSession | null | undefined;
}

/** Answers requests below its mount path and passes others to `next`. */
export type Dashboard = (
  request: IncomingMessage,
  response: ServerResponse,
  next: () => void,
) => void;

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const ENTRY = "/mailingcore-billing.js";
const FOR_EVER = "public, max-age=31536000, immutable";
const HTML = "text/html; charset=utf-8";
const PLAIN = "text/plain; charset=utf-8";

/**
 * Creates the Billing page for any server that can mount Node's handlers, such as Express:
 * `app.use("/dashboard", await createDashboard())`. Serves the page at `/billing` and the element
 * for other dashboards at `/mailingcore-billing.js`.
 *
 * @throws {Error} when a file of the page cannot be read
 */
export async function createDashboard(options: DashboardOptions = {}): Promise<Dashboard> {
  const { development = null } = options;
  const sessionUrl = development === null ? (options.sessionUrl ?? null) : "session";
  const collector = new AssetCollector();
  const elementName = await collector.addModule(client("mailingcore_billing.js"));
  await collector.addModule(client("page.js"));
  const modules = [...collector.assets.keys()];
  const styleSheet = await collector.addStyleSheet(client("page.css"));
  const html = dashboardPage({
    modules,
    styleSheet,
    sessionUrl,
    development: development !== null,
  });
  const fixed = new Map<string, FixedReply>([
    ["/billing", pageReply(html, dashboardPolicy(sessionUrl))],
    [ENTRY, entryReply(elementName)],
    ...assetReplies(collector.assets),
  ]);
  return (request, response, next) => {
    const url = URL.parse(request.url ?? "/", "http://dashboard.invalid");
    const reply = fixed.get(url?.pathname ?? "");
    if (url === null) {
      next();
    } else if (reply !== undefined && isRead(request)) {
      void reply.write(request, response);
    } else if (reply !== undefined) {
      write(request, response, notAllowed("GET, HEAD"));
    } else if (development !== null && url.pathname === "/sign-in") {
      const code = url.searchParams.get("code");
      const wanted = isRead(request) ? signedIn(development, request, code) : notAllowed("GET");
      write(request, response, wanted);
    } else if (development !== null && url.pathname === "/session") {
      const wanted =
        request.method === "POST" ? sessionOf(development, request) : notAllowed("POST");
      write(request, response, wanted);
    } else {
      next();
    }
  };
}

function client(file: string): URL {
  return new URL(`./client/${file}`, import.meta.url);
}

function pageReply(body: string, policy: string): FixedReply {
  const headers = {
    "Content-Type": HTML,
    "Cache-Control": "no-cache",
    "Content-Security-Policy": policy,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
  };
  return new FixedReply(headers, body);
}

/**
 * Serves the entry module under a fixed name, which other dashboards use in a script element; the
 * files it imports change their names.
 */
function entryReply(elementName: string): FixedReply {
  const body = `import "./assets/${elementName}";\n`;
  return new FixedReply(scriptHeaders("text/javascript", "no-cache"), body);
}

function assetReplies(assets: Assets): [string, FixedReply][] {
  return [...assets.values()].map(({ name, type, content }) => [
    `/assets/${name}`,
    new FixedReply(scriptHeaders(type, FOR_EVER), content),
  ]);
}

/**
 * Returns the headers of modules. They are public, and browsers load modules from other origins
 * only with permission.
 */
function scriptHeaders(type: string, caching: string): Record<string, string> {
  return {
    "Content-Type": `${type}; charset=utf-8`,
    "Cache-Control": caching,
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
  };
}

function signedIn(
  development: DevelopmentSession,
  request: IncomingMessage,
  code: string | null,
): Reply {
  const outcome = development.signIn(request, code);
  switch (outcome.type) {
    case "allowed":
      return plain(303, "Signed in", { "Set-Cookie": outcome.value, Location: "billing" });
    case "foreign":
      return plain(403, "This link works at a loopback name only, such as 127.0.0.1");
    case "unknown":
      return plain(403, "This link is of another start: open the one that was printed last");
    default:
      return outcome satisfies never;
  }
}

function sessionOf(development: DevelopmentSession, request: IncomingMessage): Reply {
  const outcome = development.session(request);
  switch (outcome.type) {
    case "allowed": {
      const headers = { "Content-Type": "application/json", "Cache-Control": "no-store" };
      return { status: 200, headers, body: JSON.stringify(outcome.value) };
    }
    case "foreign":
      return plain(403, "Only the page itself may ask");
    case "unknown":
      return { status: 204, headers: { "Cache-Control": "no-store" }, body: "" };
    default:
      return outcome satisfies never;
  }
}

function notAllowed(methods: string): Reply {
  return plain(405, `This path only answers ${methods}`, { Allow: methods });
}

function plain(status: number, text: string, headers: Record<string, string> = {}): Reply {
  const common = { "Content-Type": PLAIN, "Cache-Control": "no-store" };
  return { status, headers: { ...common, ...headers }, body: `${text}\n` };
}

function isRead({ method }: IncomingMessage): boolean {
  return method === "GET" || method === "HEAD";
}

function write(request: IncomingMessage, response: ServerResponse, reply: Reply): void {
  const { status, headers, body } = reply;
  const length = status === 204 ? {} : { "Content-Length": String(Buffer.byteLength(body)) };
  response.writeHead(status, { ...headers, ...length });
  response.end(request.method === "HEAD" ? undefined : body);
}
