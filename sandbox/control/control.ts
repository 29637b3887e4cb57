import express, { type NextFunction, type Request, type Response, Router } from "express";
import { RequestError } from "../engine/request_error.ts";
import { CONTROL_CALLS, type ControlContext } from "./control_calls.ts";
import { ControlError } from "./json_body.ts";

/** What the control API works with. */
export interface ControlPorts extends ControlContext {
  /** Resolves when the state is safe. */
  readonly saved: () => Promise<void>;
}

/** The control API under `/_sandbox`, which Stripe does not have. */
export function createControl(ports: ControlPorts): Router {
  const router = Router();
  router.use(requireJson, express.json({ strict: true }));
  for (const [method, path, work] of CONTROL_CALLS) {
    router[method](path, async (request, response) => {
      const answer = await work(ports, request);
      await ports.saved();
      response.json(answer);
    });
  }
  router.use((request) => {
    throw new ControlError(`No such control call: ${request.method} ${request.originalUrl}`, 404);
  });
  router.use(refuse);
  return router;
}

function requireJson(request: Request, _response: Response, next: NextFunction): void {
  if (request.method !== "GET" && !request.is("application/json")) {
    throw new ControlError('Send JSON with the header "Content-Type: application/json"', 415);
  }
  next();
}

function refuse(error: unknown, _request: Request, response: Response, _next: NextFunction): void {
  const status = statusOf(error);
  const message = error instanceof Error ? error.message : String(error);
  response.status(status).json({ error: message });
}

function statusOf(error: unknown): number {
  if (error instanceof ControlError) {
    return error.status;
  }
  if (error instanceof RequestError) {
    return error.details.status;
  }
  return error instanceof SyntaxError ? 400 : 500;
}
