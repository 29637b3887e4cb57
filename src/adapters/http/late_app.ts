import type { RequestListener } from "node:http";

/** Answers for an application that is made only once the port is known. */
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
