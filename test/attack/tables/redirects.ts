import { adminHeaders, send } from "../../rig/service_rig.ts";
import { CHECKOUT, ORIGIN } from "../../samples/http.ts";
import { attackService } from "../spoiled_service.ts";
import { statusOf, type Table } from "../table.ts";

const HOST = new URL(ORIGIN).host;

/** Where nobody may be sent. */
const TARGETS = [
  "//evil.example",
  "https:evil.example",
  "https:/evil.example",
  "https:///evil.example",
  "https://evil.example",
  `https://${HOST}@evil.example`,
  `https://evil.example#@${HOST}`,
  `https://evil.example?${HOST}`,
  `https://evil.example/${ORIGIN}`,
  `https://${HOST}.evil.example`,
  `https://evil-${HOST}`,
  `https://sub.${HOST}`,
  `https://user:password@${HOST}/`,
  `https://${HOST}:8443/`,
  `https://${HOST}\\@evil.example`,
  `https://evil.example\\${HOST}`,
  "\\\\evil.example",
  "/\\evil.example",
  "https://еxample.com",
  `https://${HOST.replace("a", "а")}`,
  "javascript:alert(1)",
  "JaVaScRiPt:alert(1)",
  " javascript:alert(1)",
  "java\nscript:alert(1)",
  "data:text/html,<script>1</script>",
  "vbscript:x",
  "file:///etc/passwd",
  "ftp://evil.example",
  "blob:https://evil.example/1",
  "http://169.254.169.254/latest/meta-data",
  "http://2852039166/",
  "http://0xa9fea9fe/",
  "http://[::ffff:169.254.169.254]/",
  "http://127.0.0.1:12111/",
  "http://localhost/",
  `http://${HOST}/`,
  "https://evil.example/%2e%2e",
  "https://",
  "https://%00",
  "..",
  "/relative",
  "?query",
  `${ORIGIN}\u0000.evil.example`,
  `${ORIGIN}%2eevil.example`,
  "wss://evil.example",
  "mailto:a@evil.example",
];

const FIELDS = ["successUrl", "cancelUrl", "returnUrl"] as const;

/** Open redirects, and requests to places that only the service reaches (P20). */
export const REDIRECT_TABLE: Table = {
  name: "redirects",
  plant: "every target is replaced by an allowed one",
  attack: (isPlanted) =>
    attackService(
      isPlanted
        ? (passing) => {
            const allowed = { ...JSON.parse(passing.body.toString()) };
            for (const field of FIELDS.filter((name) => Object.hasOwn(allowed, name))) {
              allowed[field] = `${ORIGIN}/fine`;
            }
            return { ...passing, body: Buffer.from(JSON.stringify(allowed)) };
          }
        : null,
      async (url) =>
        await Promise.all(
          FIELDS.flatMap((field) =>
            TARGETS.map(async (target) => {
              const isPortal = field === "returnUrl";
              const body = isPortal ? { returnUrl: target } : { ...CHECKOUT, [field]: target };
              const path = isPortal ? "/billing/portal" : "/billing/checkout";
              const sent = { body, headers: adminHeaders() };
              const status = await statusOf(send(`${url}${path}`, sent));
              return { what: `${field} ${JSON.stringify(target)}`, held: status === 400 };
            }),
          ),
        ),
    ),
};
