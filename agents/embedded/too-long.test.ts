import { expect, test } from "vitest";
import { crewBench } from "../../test/support/crew-bench.ts";

const long = (words: string): string => `${words} `.repeat(80).trim();

test("a message of which nothing is understood because it is too long is asked for in brief, and nothing is done", async () => {
  const bench = await crewBench();
  try {
    const english = await bench.talk("long").say(long("the gulls wheel over a grey harbour wall while the tide"));
    expect(english.reply.text).toContain("too long for me, so I did nothing");
    expect(english.reply.proposal).toBeUndefined();
    const german = await bench.talk("lang").say(long("die Möwen kreisen über der grauen Hafenmauer und das Wasser"));
    expect(german.reply.text).toContain("zu lang, daher habe ich nichts ausgeführt");
  } finally {
    await bench.close();
  }
}, 300_000);
