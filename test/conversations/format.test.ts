import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readLines } from "../../cli/evaluation/lines.ts";
import { Conversation, KINDS, ROUTES, Utterance } from "./format.ts";

const here = import.meta.dirname;
const rowsIn = <Row>(
  folder: string,
  schema: Parameters<typeof readLines<Row>>[0],
  isWanted: (file: string) => boolean,
) =>
  readdirSync(join(here, folder))
    .filter((file) => file.endsWith(".jsonl") && isWanted(file))
    .flatMap((file) => readLines(schema, join(here, folder, file)).map(({ row }) => row));
const isUtterances = (file: string): boolean => file === "utterances.jsonl";
const conversations = (folder: string) => rowsIn(folder, Conversation, (file) => !isUtterances(file));
const utterances = (folder: string) => rowsIn(folder, Utterance, isUtterances);
const words = (text: string): string =>
  text
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu)
    ?.join(" ") ?? "";

describe("the blind conversations", () => {
  const [open, locked] = [conversations("open"), conversations("locked")];

  it("are at least 400, of them 200 English, 120 German, 80 mixed, and half of them locked away", () => {
    const all = [...open, ...locked];
    const count = (language: string): number => all.filter((one) => one.language === language).length;
    expect(count("en")).toBeGreaterThanOrEqual(200);
    expect(count("de")).toBeGreaterThanOrEqual(120);
    expect(count("mixed")).toBeGreaterThanOrEqual(80);
    expect(Math.abs(open.length - locked.length)).toBeLessThanOrEqual(KINDS.length * 4);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  });

  it.each(KINDS)("show %s on both sides", (kind) => {
    for (const half of [open, locked]) expect(half.some((one) => one.kind === kind)).toBe(true);
  });

  it("say nothing on one side that is said word for word on the other", () => {
    const said = (half: readonly Conversation[]): readonly string[] =>
      half.flatMap(({ turns }) => turns.map(({ say = "" }) => words(say))).filter((text) => text.split(" ").length > 4);
    const known = new Set(said(open));
    expect(said(locked).filter((text) => known.has(text))).toEqual([]);
  });
});

describe("the blind utterances", () => {
  const all = [...utterances("open"), ...utterances("locked")];

  it("are at least 500 in two languages, of every route, none twice", () => {
    expect(all.length).toBeGreaterThanOrEqual(500);
    expect(new Set(all.map(({ route }) => route))).toEqual(new Set(ROUTES));
    expect(new Set(all.map(({ text }) => words(text))).size).toBe(all.length);
  });
});
