/** XML as it comes: its elements one after the other, without a tree and without entities of its own. */
import { oneLine } from "../../../core/text/cut.ts";
import { decodeText, declaredEncoding } from "./decode.ts";

export type XmlAttributes = Readonly<Record<string, string>>;

export interface XmlHandler {
  readonly open: (name: string, attributes: XmlAttributes) => void;
  readonly text?: (text: string) => void;
  readonly close?: (name: string) => void;
}

const MOST_FACTS = 100;

export async function readXml(bytes: Uint8Array, { open, text, close }: XmlHandler): Promise<void> {
  const { Parser } = await import("htmlparser2");
  const handler = {
    onopentag: open,
    ...(text !== undefined && { ontext: text }),
    ...(close !== undefined && { onclosetag: close }),
  };
  new Parser(handler, { xmlMode: true }).end(decodeText(bytes, declaredEncoding(bytes)));
}

/** The texts of a small file's elements by their names. */
export async function xmlTexts(bytes: Uint8Array): Promise<Readonly<Record<string, string>>> {
  const texts = new Map<string, string>();
  let name = "";
  await readXml(bytes, {
    open: (opened) => void (name = opened),
    text: (text) => {
      if (texts.size < MOST_FACTS) texts.set(name, oneLine((texts.get(name) ?? "") + text, 300));
    },
    close: () => void (name = ""),
  });
  return Object.fromEntries(texts);
}
