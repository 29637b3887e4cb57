import express, { type NextFunction, type Request, type Response, Router } from "express";
import { createCheckoutPages } from "./checkout/checkout.ts";
import { createIntentChallenges } from "./intent_challenge.ts";
import { createInvoicePages } from "./invoice.ts";
import { messagePage, sendPage } from "./layout.ts";
import type { PagePorts } from "./page_ports.ts";
import { createPortalPages } from "./portal/portal.ts";
import { createIndexPage } from "./start/index_page.ts";
import { ICON, STYLE } from "./style.ts";

/** Everything that people see: Checkout, the Portal, invoices and the page at `/`. */
export function createPages(ports: PagePorts): Router {
  const router = Router();
  const form = express.urlencoded({ extended: false, limit: "20kb" });
  router.get("/sandbox.css", (_request, response) => {
    response.type("css").set("Cache-Control", "no-cache").send(STYLE);
  });
  router.get("/sandbox.svg", (_request, response) => {
    response.type("svg").set("Cache-Control", "no-cache").send(ICON);
  });
  router.use("/c/pay", form, createCheckoutPages(ports));
  router.use("/3ds", form, createIntentChallenges(ports));
  router.use("/p/session", form, createPortalPages(ports));
  router.use("/i", form, createInvoicePages(ports));
  router.use("/clock", form);
  router.use("/", createIndexPage(ports));
  router.use((_request, response) => {
    const text = "The sandbox has no such page.";
    sendPage(response, messagePage("Not found", text, { status: 404, back: "/" }));
  });
  router.use(showError);
  return router;
}

function showError(error: Error, _request: Request, response: Response, _next: NextFunction): void {
  const status = "status" in error && typeof error.status === "number" ? error.status : 500;
  const title = status < 500 ? "Bad request" : "The sandbox failed";
  sendPage(response, messagePage(title, error.message, { status, back: "/" }));
}
