import express, { type RequestHandler } from "express";
import { type RunningServer, serve } from "../../../../src/adapters/http/server/serve.ts";
import { memoryLogger, type Received, send } from "../../../rig/service_rig.ts";
import { useMany } from "../../../rig/use_fresh.ts";

/** An application of another service, with one guarded route. */
export interface GuardedHost {
  /** Ends the next requests; default: 201. */
  handler: RequestHandler;
  /** What reached its error handler. */
  readonly errors: unknown[];
  post(body?: object): Promise<Received>;
  close(): Promise<void>;
}

/** Starts hosts whose route `/things` is guarded; they are closed after each test. */
export function useGuardedHosts(): (guard: RequestHandler) => Promise<GuardedHost> {
  return useMany(startGuardedHost);
}

async function startGuardedHost(guard: RequestHandler): Promise<GuardedHost> {
  const errors: unknown[] = [];
  const app = express();
  app.use(express.json());
  const answer: RequestHandler = (request, response, next) => host.handler(request, response, next);
  app.post("/things", guard, answer);
  const hide: express.ErrorRequestHandler = (error, _request, response, _next) => {
    errors.push(error);
    response.status(500).json({});
  };
  app.use(hide);
  const { logger } = memoryLogger();
  const server: RunningServer = await serve(app, { port: 0, host: "127.0.0.1", logger });
  const host: GuardedHost = {
    handler: (_request, response) => {
      response.status(201).json({});
    },
    errors,
    post: (body = {}) =>
      send(`${server.url}/things?secret=1`, {
        body,
        headers: { "Content-Type": "application/json" },
      }),
    close: () => server.close(0),
  };
  return host;
}
