import { eventAbout, eventOf, type OddIds, type OddRow, ordinaryTruth } from "./odd_row.ts";

const MIB = 1024 * 1024;

/** Bodies that are unusual as bytes or as JSON; all of them carry a sound signature. */
export const BYTE_ROWS: readonly OddRow[] = [
  {
    title: "P01 1 MiB to the byte",
    body: (ids) => padded(ids, MIB),
    truth: (ids) => ordinaryTruth(ids),
    state: "done",
    plan: "pro",
  },
  {
    title: "P01 a byte more than 1 MiB",
    body: (ids) => padded(ids, MIB + 1),
    status: 413,
    state: null,
  },
  {
    title: "P01 spaces and line breaks as no JSON printer makes them",
    body: (ids) => `\r\n\t ${JSON.stringify(eventOf(ids)).replaceAll(",", " ,\n")} \n`,
    truth: (ids) => ordinaryTruth(ids),
    state: "done",
    plan: "pro",
  },
  {
    title: "P01 bytes that are not UTF-8",
    body: (ids) => new Uint8Array(Buffer.concat([Buffer.from(text(ids)), Buffer.from([0xff])])),
    status: 400,
    state: null,
  },
  { title: "P01 a byte order mark", body: (ids) => `\ufeff${text(ids)}`, status: 400, state: null },
  ...["", "null", "[]", '"event"', "{}", "{", "not JSON", '{"object":"event"}'].map(
    (body): OddRow => ({
      title: `P01 a signed body that is ${JSON.stringify(body)}`,
      body: () => body,
      status: 400,
      state: null,
    }),
  ),
  {
    title: "P01 a signed object that is no event",
    body: ({ customerId }) => ({ id: "sub_1", object: "subscription", customer: customerId }),
    status: 400,
    state: null,
  },
  {
    title: "P06 a key given twice: the last one counts, here live money",
    body: (ids) => text(ids).replace('"livemode":false', '"livemode":false,"livemode":true'),
    state: "ignored",
    reason: /live event/,
  },
  {
    title: "P07 a customer given twice: the last one counts",
    body: (ids) =>
      text(ids).replace(
        '"customer":',
        '"customer":"cus_witness","object":"subscription","customer":',
      ),
    truth: (ids) => ordinaryTruth(ids),
    state: "done",
    plan: "pro",
  },
  {
    title: "P06 keys that would change prototypes",
    body: (ids) =>
      text(ids).replace(
        "{",
        '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},',
      ),
    truth: (ids) => ordinaryTruth(ids),
    state: "done",
    plan: "pro",
  },
  {
    title: "P06 40,000 nested brackets",
    body: (ids) => text(ids).replace("{", `{"deep":${"[".repeat(40_000)}${"]".repeat(40_000)},`),
    truth: (ids) => ordinaryTruth(ids),
    state: "done",
    plan: "pro",
  },
  {
    title: "P06 50,000 keys",
    body: (ids) =>
      eventOf(
        ids,
        Object.fromEntries(Array.from({ length: 50_000 }, (_, key) => [`key${key}`, key])),
      ),
    truth: (ids) => ordinaryTruth(ids),
    state: "done",
    plan: "pro",
  },
  {
    title: "P06 a number with 100,000 digits",
    body: (ids) => text(ids).replace("{", `{"amount":${"9".repeat(100_000)},`),
    truth: (ids) => ordinaryTruth(ids),
    state: "done",
    plan: "pro",
  },
  {
    title: "P12 an invoice with 2,000 lines in the event",
    body: (ids) => {
      const data = Array.from({ length: 2_000 }, (_, line) => ({ id: `il_${line}`, amount: line }));
      const invoice = { id: "in_1", object: "invoice", customer: ids.customerId, lines: { data } };
      return eventAbout(ids, invoice, { type: "invoice.paid" });
    },
    truth: (ids) => ordinaryTruth(ids),
    state: "done",
    plan: "pro",
  },
  {
    title: "P01 another media type",
    headers: { "Content-Type": "text/plain" },
    truth: (ids) => ordinaryTruth(ids),
    state: "done",
    plan: "pro",
  },
  {
    title: "P01 a body that says it is compressed",
    headers: { "Content-Encoding": "gzip" },
    status: 415,
    state: null,
  },
  {
    title: "P09 an event from the far future",
    body: (ids) => eventOf(ids, { created: 253_402_300_799 }),
    truth: (ids) => ordinaryTruth(ids),
    state: "done",
    plan: "pro",
  },
  {
    title: "P06 an API version that does not exist yet",
    body: (ids) => eventOf(ids, { api_version: "2031-01-01.zingiber" }),
    truth: (ids) => ordinaryTruth(ids),
    state: "done",
    plan: "pro",
  },
];

function text(ids: OddIds): string {
  return JSON.stringify(eventOf(ids));
}

function padded(ids: OddIds, bytes: number): string {
  const empty = JSON.stringify(eventOf(ids, { padding: "" })).length;
  return JSON.stringify(eventOf(ids, { padding: "x".repeat(bytes - empty) }));
}
