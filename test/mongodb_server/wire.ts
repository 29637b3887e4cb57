import mongoose, { type mongo } from "mongoose";

/** MongoDB's wire protocol, as far as a proxy has to understand it. Source: MongoDB's manual. */
const OP_REPLY = 1;
const OP_MSG = 2013;
const HEADER_BYTES = 16;
/** Of an `OP_MSG` with one section: its flags and the section's kind come before the document. */
const MSG_DOCUMENT_AT = 21;
/** Of an `OP_REPLY`: flags, cursor and counts come before the document. */
const REPLY_DOCUMENT_AT = 36;

const { BSON } = mongoose.mongo;
/** Numbers keep their types, so that a document that is read can be written again as it was. */
const FAITHFULLY = { promoteValues: false, bsonRegExp: true } as const;

/** A message's document. */
export type WireDocument = mongo.BSON.Document;

/** A command as it was sent. */
export interface WireCommand {
  readonly name: string;
  readonly document: WireDocument;
}

/** Puts chunks of bytes together to whole messages. */
export function messages(handle: (message: Buffer) => void): (bytes: Buffer) => void {
  let pending = Buffer.alloc(0);
  return (bytes) => {
    pending = Buffer.concat([pending, bytes]);
    while (pending.length >= 4 && pending.length >= pending.readInt32LE(0)) {
      const length = pending.readInt32LE(0);
      handle(pending.subarray(0, length));
      pending = pending.subarray(length);
    }
  };
}

/** The command in a message, or `undefined` where it is of an older kind: a first greeting. */
export function commandIn(message: Buffer): WireCommand | undefined {
  if (message.readInt32LE(12) !== OP_MSG) {
    return undefined;
  }
  const document = documentAt(message, MSG_DOCUMENT_AT);
  const [name] = Object.keys(document);
  return name === undefined ? undefined : { name, document };
}

/** The document in an answer. */
export function answerIn(message: Buffer): WireDocument {
  return documentAt(message, answerAt(message));
}

/** The message with another document in its place. */
export function withDocument(message: Buffer, document: WireDocument): Buffer {
  const head = message.subarray(0, answerAt(message));
  const whole = Buffer.concat([head, BSON.serialize(document)]);
  whole.writeInt32LE(whole.length, 0);
  return whole;
}

/** A message that answers a command. */
export function answerTo(command: Buffer, document: WireDocument): Buffer {
  const head = Buffer.alloc(MSG_DOCUMENT_AT);
  head.writeInt32LE(1, 4);
  head.writeInt32LE(command.readInt32LE(4), 8);
  head.writeInt32LE(OP_MSG, 12);
  head.writeInt32LE(0, HEADER_BYTES);
  return withDocument(head, document);
}

function answerAt(message: Buffer): number {
  return message.readInt32LE(12) === OP_REPLY ? REPLY_DOCUMENT_AT : MSG_DOCUMENT_AT;
}

function documentAt(message: Buffer, offset: number): WireDocument {
  const bytes = message.subarray(offset, offset + message.readInt32LE(offset));
  return BSON.deserialize(bytes, FAITHFULLY);
}
