import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

/** How bodies are packed, the best first. */
const PACKERS = {
  br: (body: Buffer) => packBrotli(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
  gzip: (body: Buffer) => packGzip(body, { level: 9 }),
} as const;

type Encoding = keyof typeof PACKERS;

const ENCODINGS = ["br", "gzip"] as const satisfies readonly Encoding[];
/** Shorter bodies fit a packet as they are. Bytes. */
const LEAST_PACKED = 1_000;
const HASH_LENGTH = 22;

const packBrotli = promisify(brotliCompress);
const packGzip = promisify(gzip);

/** An answer that is always the same: packed as the client asked, once, and known by its ETag. */
export class FixedReply {
  readonly #headers: Readonly<Record<string, string>>;
  readonly #body: Buffer;
  readonly #packed = new Map<Encoding, Promise<Buffer>>();

  constructor(headers: Readonly<Record<string, string>>, body: string) {
    this.#body = Buffer.from(body);
    const hash = createHash("sha256").update(this.#body).digest("base64url");
    const known = { ETag: `W/"${hash.slice(0, HASH_LENGTH)}"`, Vary: "Accept-Encoding" };
    this.#headers = { ...headers, ...known };
  }

  /** Answers a GET or HEAD; 304 where the client has it already. Never rejects. */
  async write(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (hasAlready(request, this.#headers.ETag)) {
      response.writeHead(304, this.#headers);
      response.end();
      return;
    }
    const encoding = this.#body.length < LEAST_PACKED ? undefined : encodingFor(request);
    const body = encoding === undefined ? this.#body : await this.#pack(encoding);
    response.writeHead(200, {
      ...this.#headers,
      ...(body !== this.#body && { "Content-Encoding": encoding }),
      "Content-Length": body.length,
    });
    response.end(request.method === "HEAD" ? undefined : body);
  }

  /** What cannot be packed goes as it is. */
  #pack(encoding: Encoding): Promise<Buffer> {
    const known = this.#packed.get(encoding);
    if (known !== undefined) {
      return known;
    }
    const packed = PACKERS[encoding](this.#body).catch(() => this.#body);
    this.#packed.set(encoding, packed);
    return packed;
  }
}

/** Whether one of the tags that the client knows is this one. RFC 9110, section 13.1.2. */
function hasAlready({ headers }: IncomingMessage, tag: string | undefined): boolean {
  const known = (headers["if-none-match"] ?? "").split(",").map((text) => text.trim());
  return known.some((text) => text === tag || `W/${text}` === tag);
}

/** The best encoding that the client takes. RFC 9110, section 12.5.3, without `*`. */
function encodingFor({ headers }: IncomingMessage): Encoding | undefined {
  const offers = String(headers["accept-encoding"] ?? "")
    .toLowerCase()
    .split(",")
    .map((offer) => offer.split(";").map((part) => part.trim()));
  return ENCODINGS.find((encoding) =>
    offers.some(([name, weight = ""]) => name === encoding && !/^q=0(\.0*)?$/.test(weight)),
  );
}
