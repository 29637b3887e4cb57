import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A dashboard of another origin that mounts the Billing page's element. */
export interface HostDashboard {
  readonly origin: string;
  /** What its own script does with the element, and where the element's module is. */
  show(page: { script: string; serviceUrl: string }): void;
  close(): Promise<void>;
}

/** Starts a dashboard with a policy that allows nothing but itself and the service. */
export async function startHostDashboard(): Promise<HostDashboard> {
  let shown = { script: "", serviceUrl: "" };
  const server = createServer((request, response) => {
    const { script, serviceUrl } = shown;
    if (request.url === "/host.js") {
      response.setHeader("Content-Type", "text/javascript");
      response.end(script);
      return;
    }
    response.setHeader("Content-Type", "text/html; charset=utf-8");
    response.setHeader(
      "Content-Security-Policy",
      `default-src 'none'; img-src data:; script-src 'self' ${serviceUrl}; connect-src ${serviceUrl}`,
    );
    response.end(`<!doctype html><html lang="en"><title>Host</title><link rel="icon" href="data:,">
      <main><h1>Settings</h1>
      <mailingcore-billing tenant-id="cldemo0001" heading-level="2"></mailingcore-billing></main>
      <script type="module" src="/host.js"></script>
      <script type="module" src="${serviceUrl}/dashboard/mailingcore-billing.js"></script>`);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    show(page) {
      shown = page;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
