/** What only mentions a request is none: beside each way to ask stands a way to speak of it. English and German. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ToolPackFactory } from "../../core/bot.ts";
import { HandOverPolicy } from "../../core/hand-over/index.ts";
import type { HandOver } from "../../core/store/store.ts";
import { crewBench } from "../../test/support/crew-bench.ts";
import { handOverTool } from "../../tools/hand-over/index.ts";
import { bank } from "../../tools/index.ts";
import { recommend } from "../../tools/recommend/index.ts";
import { support } from "../../tools/support/index.ts";

const begun: HandOver = {
  kind: "handed-over",
  since: "2026-11-21T10:00:00.000Z",
  until: undefined,
  cause: "asked",
  by: "person",
  note: undefined,
  told: undefined,
};
const handOver: ToolPackFactory = {
  name: "hand-over",
  summary: {},
  open: async () => ({
    tools: [handOverTool({ bot: "harbour", policy: HandOverPolicy.parse({}), desk: { begin: async () => begun } })],
    close: async () => {},
  }),
};
let bench: Awaited<ReturnType<typeof crewBench>>;
beforeAll(async () => {
  const packs = [bank(), support(), recommend({ capture: "on" }), handOver];
  bench = await crewBench({ articles: "all", packs });
});
afterAll(async () => {
  await bench.close();
});

let people = 0;
async function linked() {
  const talk = bench.talk(`person-${(people += 1)}`);
  await talk.say("link ANNA-7K42");
  return talk;
}
/** What is called, and what something is asked about for. */
async function begunBy(text: string): Promise<readonly string[]> {
  const { calls, dialogue = [] } = await (await linked()).say(text);
  return [...calls.map(({ name }) => name), ...dialogue.flatMap(({ tool, asked }) => (asked ? [tool] : []))];
}

interface Table {
  readonly mentions: readonly string[];
  readonly requests: readonly string[];
}

const tables: Readonly<Record<string, Table>> = {
  record_complaint: {
    mentions: [
      "I read a complaint about your fees in the news",
      "I saw a complaint about your bank on TV last night",
      "My sister had a complaint about her landlord",
      "there was an article about complaints against banks",
      "Emre wants to file a complaint",
      "My boss always complains about banks",
      "my wife is complaining about the weather again",
      "people complain about everything these days",
      "what is a complaint",
      "how long does a complaint take?",
      "who reads the complaints?",
      "how many complaints do you get?",
      "I have no complaints",
      "not a complaint, just a question: when do you open?",
      "I am not complaining, I only wonder how it works",
      "this is no complaint",
      "Ich habe in der Zeitung von Beschwerden über Banken gelesen",
      "Im Fernsehen kam was über Beschwerden wegen eurer Gebühren",
      "Mein Nachbar hat sich über mich beschwert",
      "Meine Frau will sich beschweren",
      "Meine Mutter beschwert sich dauernd über das Wetter",
      "Was passiert mit einer Beschwerde?",
      "Wie viele Beschwerden bekommt ihr?",
      "Das ist keine Beschwerde",
      "Ich will mich nicht beschweren",
      "Ich habe nichts zu beschweren",
      "Jana hat gesagt, sie reicht eine Beschwerde ein",
      "die Leute beschweren sich über alles",
    ],
    requests: [
      "I want to complain: my card came three weeks late",
      "complaint about the queue at your branch on Monday",
      "please take this down as a complaint, your app lost my payment",
      "I'd like to file a complaint about the man at the counter",
      "your clerk let me wait for half an hour, I want that on record",
      "I read your letter about the new fees and want to complain about them",
      "My wife and I want to complain about the long wait at the counter",
      "My neighbour got a refund and I did not, I want to make a complaint about that",
      "note my complaint please: the cash machine was out of order all week",
      "this is a formal complaint, you charged me twice in March",
      "can I lodge a complaint about the opening hours of your branch?",
      "could you record a complaint for me, the adviser never called back",
      "Ich möchte mich über die Wartezeit am Telefon beschweren",
      "Beschwerde: der Automat am Bahnhof ist seit einer Woche kaputt",
      "Nehmen Sie bitte auf, dass ich mit der Beratung unzufrieden bin",
      "ich will mich beschweren, ihr habt zweimal abgebucht",
      "Hiermit beschwere ich mich über die neuen Gebühren",
      "Meine Frau und ich wollen uns über den Berater beschweren",
      "Ich habe in der Zeitung von den Gebühren gelesen und will mich darüber beschweren",
      "Kannst du eine Beschwerde über die kaputte App aufnehmen?",
    ],
  },
  hand_over: {
    mentions: [
      "Can a person live on 1000 euros?",
      "Is there a person on the moon?",
      "can a human breathe under water?",
      "how many people work for you?",
      "When is your staff available?",
      "when can I call somebody?",
      "what does a call with an adviser cost?",
      "are your employees paid well?",
      "do humans need banks at all?",
      "my brother is an adviser at your bank",
      "a person at the counter told me it was free",
      "I met one of your employees on holiday",
      "the lady at the desk was very kind",
      "is my adviser on holiday?",
      "your staff is great",
      "My manager lives in Berlin",
      "people say robots will replace us",
      "Wann sind eure Mitarbeiter erreichbar?",
      "Wie viele Menschen arbeiten bei euch?",
      "Kann ein Mensch von 1000 Euro leben?",
      "Gibt es Menschen auf dem Mond?",
      "Verdienen eure Mitarbeiter gut?",
      "Was kostet ein Gespräch mit einem Berater?",
      "Mein Bruder ist Berater bei euch",
      "Ein Mitarbeiter hat mir gesagt, das kostet nichts",
      "Die Dame am Schalter war sehr nett",
      "Eure Mitarbeiter sind toll",
      "Mein Chef ist im Urlaub",
      "Unter welcher Nummer erreiche ich einen Mitarbeiter?",
    ],
    requests: [
      "can a person take over here?",
      "is there a person I can talk to?",
      "can somebody from your staff help me?",
      "could one of your people call me?",
      "I am fed up. give me a real person!",
      "this is ridiculous, I want to talk to a human",
      "this is useless!! human please",
      "enough of this nonsense, put me through to somebody",
      "I'd rather speak to one of your employees",
      "get me your manager",
      "please connect me with an adviser",
      "can I chat with a real person?",
      "a lady at the counter told me to ask for an adviser, please put me through",
      "you don't understand me. get me a human",
      "Kann hier ein Mensch übernehmen?",
      "Gibt es einen Menschen, mit dem ich reden kann?",
      "Mir reicht es. Gib mir einen echten Menschen!",
      "das ist lächerlich, ich will mit einem Menschen reden",
      "Verbinden Sie mich bitte mit einem Berater",
      "Kann mich einer eurer Mitarbeiter anrufen?",
      "ich möchte lieber mit einem Mitarbeiter sprechen",
      "hol mir bitte jemanden vom Personal",
      "Du verstehst mich nicht. Ich brauche einen Menschen",
    ],
  },
  export_transactions: {
    mentions: [
      "I lost my file",
      "Open the file",
      "close the file",
      "what is a csv file?",
      "my file is too big",
      "the file does not open",
      "I cannot find the file you sent",
      "delete the file",
      "export nothing",
      "exports are down this year",
      "my company lives on exports",
      "the download is slow",
      "I read a file about exports",
      "Excel crashed again",
      "do you know what a PDF is?",
      "Emre sent me a file",
      "Öffne die Datei",
      "Ich habe meine Datei verloren",
      "Die Datei lässt sich nicht öffnen",
      "Was ist eine CSV-Datei?",
      "lösch die Datei",
      "exportiere nichts",
      "Excel ist abgestürzt",
      "Mein Bruder arbeitet im Export",
      "Meine Datei ist zu groß",
      "Emre hat mir eine Datei geschickt",
    ],
    requests: [
      "export my transactions",
      "can I have my bookings as a file?",
      "give me a csv of October",
      "I'd like to download my statement",
      "I lost my statement for October, I need a new copy of it",
      "please make me a PDF of my account statement",
      "send me a file with all my payments this year",
      "csv please",
      "my tax adviser wants my transactions as Excel",
      "download all bookings from savings",
      "open my bookings in Excel",
      "I need a bank statement for my landlord",
      "Exportiere meine Umsätze",
      "Kann ich meine Buchungen als Datei haben?",
      "Ich brauche einen Kontoauszug als PDF",
      "gib mir eine CSV vom Oktober",
      "Umsätze als Excel bitte",
      "Ich möchte meine Buchungen herunterladen",
      "Schick mir eine Datei mit allen Zahlungen",
      "Mein Steuerberater braucht die Umsätze als CSV",
    ],
  },
  unlink_customer: {
    mentions: [
      "what happens when I unlink this chat?",
      "how do I unlink my account?",
      "don't unlink me",
      "Emre says I should unlink this chat",
      "my brother unlinked his chat",
      "unlink my card from Apple Pay",
      "disconnect my old phone",
      "I read that one can unlink a chat from an account",
      "did you unlink my account?",
      "is my chat still linked?",
      "I was disconnected from the hotline",
      "the connection to my phone is bad",
      "Was passiert, wenn ich den Chat trenne?",
      "Trenne den Chat nicht",
      "Meine Frau hat ihren Chat getrennt",
      "Meine Eltern haben sich getrennt",
      "Ich habe mich von meiner Frau getrennt, was wird aus dem Konto?",
      "Trenn die Karte von PayPal",
      "Die Verbindung ist schlecht",
      "Hast du mein Konto getrennt?",
    ],
    requests: [
      "unlink this chat",
      "please disconnect this chat from my accounts",
      "unlink my account please",
      "can you unlink this chat?",
      "remove the link to my accounts",
      "I want this chat unlinked from my account",
      "log me out of my account in this chat",
      "cut the connection to my bank account",
      "I want you to disconnect me from my accounts",
      "Trenne diesen Chat von meinem Konto",
      "Bitte löse die Verbindung zu meinen Konten",
      "Kannst du den Chat von meinem Konto trennen?",
      "Verknüpfung mit meinem Konto aufheben",
      "ich will, dass du die Verknüpfung mit meinem Konto löst",
    ],
  },
};

describe.each(Object.entries(tables))("%s", (tool, { mentions, requests }) => {
  it.each(mentions)("is not asked for: %s", async (text) => {
    expect(await begunBy(text)).not.toContain(tool);
  });
  it.each(requests)("is asked for: %s", async (text) => {
    expect(await begunBy(text)).toContain(tool);
  });
});

describe("what is remembered", () => {
  it.each([
    "I remember when this was a small bank",
    "do you remember my name?",
    "remember me?",
    "don't remember that I live in Bremen",
    "Emre remembers everything",
    "my doctor told me to remember my pills",
    "what should I remember?",
    "can you remember things?",
    "I cannot remember my PIN",
    "my wife said: remember that we need milk",
    "weißt du noch, wie ich heiße?",
    "Ich kann mir meine PIN nicht merken",
    "Merk dir nichts",
    "Was merkst du dir?",
    "Emre merkt sich alles",
    "Ich erinnere mich an die alte Filiale",
    "Kannst du dir Sachen merken?",
    "Mein Arzt sagt, ich soll mir das merken",
  ])("nothing: %s", async (text) => {
    expect((await (await linked()).say(text)).remember).toEqual([]);
  });

  it.each([
    ["remember that I live in Bremen", "Bremen"],
    ["please remember: my dog is called Rex", "Rex"],
    ["keep in mind that I am vegetarian", "vegetarian"],
    ["my name is Tom", "Tom"],
    ["don't forget that I start a new job in May", "new job"],
    ["for next time: note that I prefer German", "German"],
    ["I'd like you to remember that I have two kids", "two kids"],
    ["could you remember that I am saving for a boat?", "boat"],
    ["quick note: I get paid on the 15th", "15th"],
    ["can you keep in mind that my rent goes up in May", "rent"],
    ["Merk dir, dass ich in Bremen wohne", "Bremen"],
    ["Bitte merken: mein Hund heißt Rex", "Rex"],
    ["vergiss nicht, dass ich im Mai umziehe", "Mai"],
    ["Ich heiße Tom", "Tom"],
    ["notier dir bitte, dass ich Vegetarierin bin", "Vegetarierin"],
    ["Kannst du dir merken, dass ich zwei Kinder habe?", "Kinder"],
    ["Behalte im Kopf, dass ich auf ein Boot spare", "Boot"],
    ["für später: ich werde am 15. bezahlt", "15."],
    ["Du kannst dir aufschreiben, dass ich Rentner bin", "Rentner"],
    ["Mein Ziel ist ein Haus", "Haus"],
    ["Ich spare auf ein Haus", "Haus"],
  ])("what is told to be: %s", async (text, word) => {
    const { remember } = await (await linked()).say(text);
    expect(remember.map(({ value }) => value).join("\n")).toContain(word);
  });
});

describe("what is forgotten", () => {
  const facts = ["I live in Bremen", "called Rex", "Tom"];
  const told = ["remember that I live in Bremen", "remember that my dog is called Rex", "my name is Tom"];
  async function afterTelling(text: string) {
    const talk = await linked();
    for (const one of told) await talk.say(one);
    const { remember } = await talk.say(text);
    return { remember, kept: talk.memory().map(({ value }) => value) };
  }

  it.each([
    "I forgot my PIN",
    "don't forget my name",
    "forget it",
    "never forget that I live in Bremen",
    "what do you forget?",
    "my brother forgets everything",
    "did you forget my name?",
    "Emre wants you to forget everything",
    "do you forget things after a while?",
    "I will never forget Bremen",
    "she told me to forget everything",
    "should I delete everything?",
    "Ich habe meine PIN vergessen",
    "Vergiss nicht, dass ich in Bremen wohne",
    "Hast du meinen Namen vergessen?",
    "Mein Bruder vergisst alles",
    "vergiss es",
    "Vergisst du irgendwann alles?",
    "Meine Frau sagt, du sollst alles vergessen",
    "Bremen werde ich nie vergessen",
  ])("nothing: %s", async (text) => {
    expect((await afterTelling(text)).kept).toEqual(expect.arrayContaining(facts));
  });

  it.each([
    ["forget my name", "Tom"],
    ["please forget where I live", "Bremen"],
    ["delete what you know about my dog", "Rex"],
    ["forget that I live in Bremen", "Bremen"],
    ["can you forget my name?", "Tom"],
    ["I want you to forget my dog", "Rex"],
    ["remove my name from your notes", "Tom"],
    ["scrap the note about Bremen", "Bremen"],
    ["forget that my dog is called Rex", "Rex"],
    ["erase my name please", "Tom"],
    ["you can forget about Bremen", "Bremen"],
    ["Vergiss meinen Namen", "Tom"],
    ["Bitte vergiss, dass ich in Bremen wohne", "Bremen"],
    ["Lösch das mit Bremen", "Bremen"],
    ["Kannst du meinen Namen vergessen?", "Tom"],
    ["Streich die Notiz mit Rex", "Rex"],
    ["Du kannst das mit Bremen vergessen", "Bremen"],
    ["Ich möchte, dass du meinen Namen vergisst", "Tom"],
  ])("what is told to be, and nothing else: %s", async (text, word) => {
    const { kept } = await afterTelling(text);
    expect(kept.filter((value) => value.includes(word))).toEqual([]);
    expect(kept).toHaveLength(2);
  });
});
