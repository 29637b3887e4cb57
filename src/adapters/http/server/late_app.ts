import type { RequestListener } from "node:http";

/** Answers requests before the application exists, which needs the port to be made. */
export interface LateApp {
  readonly listener: RequestListener;
  /** Lets the application answer from now on. */
  open(app: RequestListener): void;
}

/** A listener that answers 503 until its application is there. */
export function lateApp(): LateApp {
  let app: RequestListener = (_request, response) => {
    response.writeHead(503, { "Retry-After": "1", "Content-Length": "0" });
    response.end();
  };
  return {
    listener: (request, response) => app(request, response),
    open(opened) {
      app = opened;
    },
  };
}
