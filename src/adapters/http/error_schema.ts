import { Type } from "typebox";
import { COUNT, closed, DATE_TIME, LIMIT, nullable, UPGRADE } from "./schema.ts";

/** The body of every error. What is beside the code and its details depends on the code. */
export const ERROR = closed(
  {
    statusCode: Type.Integer({ minimum: 400, maximum: 599 }),
    message: Type.String({ description: "For people: what is wrong, and what to do" }),
    path: Type.String(),
    timestamp: DATE_TIME,
    code: Type.String({ description: "For programs: it stays as it is" }),
    details: Type.Optional(Type.Array(closed({ field: Type.String(), message: Type.String() }))),
    quota: Type.Optional(closed({ limit: LIMIT, used: COUNT, percentage: LIMIT })),
    upgrade: Type.Optional(UPGRADE),
    balance: Type.Optional(
      Type.Object({}, { description: "Of tokens, where there are not enough of them" }),
    ),
    limit: Type.Optional(closed({ of: Type.String(), limit: LIMIT, count: COUNT, over: COUNT })),
    invoiceUrl: Type.Optional(nullable(Type.String())),
    effectiveAt: Type.Optional(DATE_TIME),
    retryAt: Type.Optional(nullable(DATE_TIME)),
  },
  { title: "Error" },
);
