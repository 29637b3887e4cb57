import { type Request, type Response, Router } from "express";
import { newShortId } from "../../state/ids.ts";
import { API_VERSION } from "../../state/wire.ts";

/** Refuses everything under `/v2`, which the sandbox does not have, in the words of that API. */
export function secondApi(): Router {
  const router = Router();
  router.use("/v2", (request: Request, response: Response) => {
    const path = request.originalUrl.split("?")[0];
    response
      .status(404)
      .set("Request-Id", newShortId("req"))
      .set("Stripe-Version", API_VERSION)
      .json({
        error: {
          code: "not_found",
          message:
            `Unrecognized request URL (${request.method}: ${path}). The sandbox has no part of ` +
            "Stripe's API v2.",
          type: "invalid_request_error",
        },
      });
  });
  return router;
}
