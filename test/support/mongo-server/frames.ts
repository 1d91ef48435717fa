/** MongoDB's wire protocol as far as the driver speaks it to a standalone server: OP_MSG, and OP_QUERY for the first hello. */
import { BSON, type Document } from "bson";
import { z } from "zod";

const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;
const HEADER = 16;

export interface Request {
  readonly id: number;
  readonly operation: number;
  readonly command: Document;
}

/** Takes whole messages off the front of the bytes. */
export function readRequests(bytes: Buffer): { readonly requests: readonly Request[]; readonly rest: Buffer } {
  const requests: Request[] = [];
  let rest = bytes;
  while (rest.length >= HEADER && rest.length >= rest.readInt32LE(0)) {
    const length = rest.readInt32LE(0);
    const operation = rest.readInt32LE(12);
    requests.push({ id: rest.readInt32LE(4), operation, command: commandIn(operation, rest.subarray(HEADER, length)) });
    rest = rest.subarray(length);
  }
  return { requests, rest };
}

function commandIn(operation: number, body: Buffer): Document {
  if (operation === OP_MSG) return readMessage(body);
  if (operation !== OP_QUERY) throw new Error(`the double does not speak operation ${operation}`);
  // flags, collection name, skip, return: then the query.
  const start = body.indexOf(0, 4) + 1 + 8;
  return BSON.deserialize(body.subarray(start, start + body.readInt32LE(start)));
}

/** Sections of kind 0 are the command, those of kind 1 a list of documents under one of its names. */
function readMessage(body: Buffer): Document {
  const command: Document = {};
  let at = 4;
  while (at < body.length) {
    const kind = body.readUInt8(at);
    const length = body.readInt32LE(at + 1);
    const section = body.subarray(at + 1, at + 1 + length);
    if (kind === 0) Object.assign(command, BSON.deserialize(section));
    else Object.assign(command, readSequence(section));
    at += 1 + length;
  }
  return command;
}

function readSequence(section: Buffer): Document {
  const nameEnd = section.indexOf(0, 4);
  const documents: Document[] = [];
  let at = nameEnd + 1;
  while (at < section.length) {
    const length = section.readInt32LE(at);
    documents.push(BSON.deserialize(section.subarray(at, at + length)));
    at += length;
  }
  return { [section.toString("utf8", 4, nameEnd)]: documents };
}

/** The answer to a request. */
export function replyTo({ id, operation }: Request, answer: Document): Buffer {
  const document = Buffer.from(BSON.serialize(answer, { ignoreUndefined: true }));
  const prefix = operation === OP_MSG ? Buffer.alloc(5) : queryReplyPrefix();
  const header = Buffer.alloc(HEADER);
  header.writeInt32LE(HEADER + prefix.length + document.length, 0);
  header.writeInt32LE(id, 8);
  header.writeInt32LE(operation === OP_MSG ? OP_MSG : OP_REPLY, 12);
  return Buffer.concat([header, prefix, document]);
}

function queryReplyPrefix(): Buffer {
  const prefix = Buffer.alloc(20);
  prefix.writeInt32LE(8, 0);
  prefix.writeInt32LE(1, 16);
  return prefix;
}

/** The name of a command is its first field. */
export function nameOf(command: Document): string {
  return z.string().parse(Object.keys(command)[0]);
}
