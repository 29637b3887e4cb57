import { createHmac } from "node:crypto";
import { eventBody, NOW_SECONDS, signatureOf } from "../../adapters/http/events/stripe_delivery.ts";
import { sendHeaders } from "../../rig/service_rig.ts";
import { WEBHOOK_SECRET } from "../../samples/http.ts";
import { attackService } from "../spoiled_service.ts";
import { statusOf, type Table } from "../table.ts";

const BODY = eventBody();
const FLIPS = 200;

function digest(secret: string, text: string): string {
  return createHmac("sha256", secret).update(text).digest("hex");
}

/** Deliveries that Stripe did not send, or not now. */
async function deliveries(): Promise<[what: string, header: string | string[], body: string][]> {
  const good = await signatureOf(BODY);
  const [time = "", v1 = ""] = good.split(",").map((part) => part.split("=")[1]);
  const at = async (seconds: number) =>
    await signatureOf(BODY, { timestamp: NOW_SECONDS + seconds });
  const step = Math.max(1, Math.floor(BODY.length / FLIPS));
  const flipped = Array.from({ length: Math.min(FLIPS, BODY.length) }, (_, n) => {
    const bytes = Buffer.from(BODY);
    const place = n * step;
    bytes[place] = (bytes[place] ?? 0) ^ 1;
    return [`byte ${place} changed`, good, bytes.toString("latin1")] as [string, string, string];
  }).slice(0, Math.floor(BODY.length / step));
  return [
    ...flipped,
    ["the JSON written anew", good, JSON.stringify(JSON.parse(BODY), null, 1)],
    ["a byte more", good, `${BODY} `],
    ["no body", good, ""],
    ["a signature of ten minutes ago", await at(-600), BODY],
    ["a signature of 40 days ago", await at(-40 * 86_400), BODY],
    ["a signature of ten minutes ahead", await at(600), BODY],
    ["another secret", await signatureOf(BODY, { secret: "whsec_other" }), BODY],
    ["an empty secret", `t=${time},v1=${digest("", `${time}.${BODY}`)}`, BODY],
    [
      "the secret with a line break",
      `t=${time},v1=${digest(`${WEBHOOK_SECRET}\n`, `${time}.${BODY}`)}`,
      BODY,
    ],
    ["the time left out of what is signed", `t=${time},v1=${digest(WEBHOOK_SECRET, BODY)}`, BODY],
    ["v0 only", `t=${time},v0=${v1}`, BODY],
    ["no time", `v1=${v1}`, BODY],
    ["a time that is none", `t=abc,v1=${v1}`, BODY],
    ["another time first", `t=${Number(time) - 1},v1=${v1}`, BODY],
    ["a time of 400 digits", `t=${"9".repeat(400)},v1=${v1}`, BODY],
    ["a negative time", `t=-${time},v1=${v1}`, BODY],
    ["an empty v1", `t=${time},v1=`, BODY],
    ["a short v1", `t=${time},v1=${v1.slice(0, 32)}`, BODY],
    ["a v1 that is no hexadecimal", `t=${time},v1=${"z".repeat(64)}`, BODY],
    ["200 wrong ones", `t=${time}${`,v1=${"0".repeat(64)}`.repeat(200)}`, BODY],
    ["an empty header", "", BODY],
    ["two headers", [good, good], BODY],
    ["spaces around it", `t = ${time}, v1 = ${v1}`, BODY],
  ];
}

/** Forged, changed and stale deliveries (P01, P02). */
export const SIGNATURE_TABLE: Table = {
  name: "signatures",
  plant: "every delivery is signed again, with the right secret",
  attack: (isPlanted) =>
    attackService(
      isPlanted
        ? async (passing) => {
            const signature = await signatureOf(passing.body.toString());
            return { ...passing, headers: { ...passing.headers, "stripe-signature": signature } };
          }
        : null,
      async (url, { billing }) => {
        const rows = [];
        for (const [what, header, body] of await deliveries()) {
          const headers = {
            "Stripe-Signature": header,
            "Content-Type": "application/json",
            "Content-Length": String(Buffer.byteLength(body)),
          };
          const sent = { method: "POST", body };
          const status = await statusOf(sendHeaders(`${url}/billing/webhook`, headers, sent));
          rows.push({ what, held: status === 400 || status === 431 });
        }
        const { received } = await billing.countEvents.execute();
        return [...rows, { what: "nothing was stored", held: received === 0 }];
      },
    ),
};
