import type { RequestHandler } from "express";
import type { WatchRequest } from "../../kit/observe.ts";
import { requestContext } from "./request_context.ts";

/** Methods that are told apart; what else strangers send is one. */
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** Lets somebody look at every request, from its beginning to its end. */
export function watchRequests(watch: WatchRequest): RequestHandler {
  return (request, response, next) => {
    let end: ReturnType<WatchRequest> | undefined;
    response.on("close", () => {
      const method = METHODS.includes(request.method) ? request.method : "OTHER";
      const { route = "none" } = requestContext(request);
      end?.({ method, route, statusCode: response.statusCode });
    });
    end = watch(request, next);
  };
}
