/** Makes search terms of what a person typed. Nothing of FTS5's query syntax gets through: terms are letters and digits. */
import type { Language } from "../../core/language/index.ts";
import { cutText } from "../../core/text/cut.ts";

/** Only the beginning of a text is searched for; a question is never longer. */
const MOST_CHARACTERS = 2000;
const MOST_TERMS = 32;
const LONGEST_TERM = 64;

const word = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu;

/** Words that say nothing about the topic. Questions to a bot are in English or German. */
const STOP_WORDS: ReadonlySet<string> = new Set(
  (
    "a about above actually after again all also am an and any anybody anyone anything are aren as ask at be because been before being " +
    "below between both but by can cannot could couldn d did didn do does doesn doing don done down during each either else " +
    "ever every explain few find for from further get gets getting give go goes going gonna got had has have having he hello help hence her here hers " +
    "hey hi him his how however i if in into is isn it its itself just kindly know let like ll m make many may maybe me mean might mine " +
    "more most much must my myself need no nor not now of off oh ok okay on once one only onto or other our ours out over own " +
    "please possible quite rather re really regarding s same say see shall she should show since so some somebody someone " +
    "something soon still such sure t tell than thank thanks that the their them then there these they thing things this those " +
    "though through to today too toward under until up upon us use ve very via want wanna was we well were what whatever when " +
    "where whether which while who whom whose why long take takes happen happens work works use will wish with within without won would yes yet you your yours yourself " +
    "aint arent bc btw cant cause cos coz couldnt cuz didnt doesnt dont dunno duh gimme gotta guess guys hadnt hasnt havent hm hmm huh hows id idk ill im isnt ive " +
    "lemme lol lots lot mate mmm nah okey omg oops pls plz prob probably r shouldnt sorry sort stuff tbh thats theres theyre thx til till ty u uh um ur wasnt wat werent " +
    "full pay paying whats wheres whos wont wouldnt wtf ya yall yeah yep youre guy bit kind keep keeps keeping set sets put puts bloody damn damned dear exactly honestly basically " +
    "anyway besides meanwhile instead lately recently already always never often sometimes usually thingy thingies ago away back even ever far first last next later " +
    "selber selbst richte richten lasse lassen aber alle als also am an auch auf aus bei bin bis bitte da dann das dass dem den der des die dies diese dieser doch du " +
    "ein eine einem einen einer eines er es für gibt habe haben hallo hat ich ihr im in ist ja kann kein keine können man mein meine " +
    "mich mir mit muss nach nicht noch nur oder sein seine sich sie sind so um und uns vom von vor war warum was welche welcher " +
    "welches wenn wer werden wie wir wird wo zu zum zur über " +
    "ach bei beim bekomme bekommen bisher brauche braucht bräuchte dafür damit danach daran darf darauf davon dazu denn derzeit dich dir drauf " +
    "dürfen egal eh eigentlich einfach etwas euch euer eure genau geht gehen gehts gerade gern grad hab habt halt hier hätte hätt ihnen immer ins " +
    "irgendwie jede jeder jedes jemand jetzt keins kriege kriegen kriegt könnte lang lange mach mache machen macht mal man mehr meinem meinen meiner " +
    "möchte müssen nehmen nehmt ne nen nix nochmal ob ohne schnell schon sehr sei seit selbst soll sollte sonst trotzdem tun unter viel viele " +
    "wann weil weiter weiß welchen welchem wen wieder wieso wieviel will wohl worden wurde wäre würde zwar " +
    "aha bissl bissel bock boah digga dass daß dat dein deine deinen denen dit dran dürft ebend endlich euren eurer evtl find gell haste gibts gings grade gerad gibst " +
    "guck hm hmm is isch isses iwie janz jz jut kannste kapier könnt kommen kommt krieg kriegst läuft ma mei meins menno mist naja nee net nich nimmer nisch nö nu " +
    "oida omg passiert passieren plötzlich quasi rein sag sagt sagen sach schau schaut schaun sind sollt sorry tja tut vll vllt voll wat wars wärs wat weil weis wegn wenns werd wies wisst " +
    "wollt wurd wurde würd ziemlich übrigens ungefähr unbedingt darum dahin daher dort dorthin neulich immernoch muß müsst müsste muss musst steht stehen"
  ).split(" "),
);

/** The distinct words of a question that can find something, in order; empty when there are none. */
export function queryTerms(query: string): readonly string[] {
  const words = cutText(query, MOST_CHARACTERS).normalize("NFC").match(word) ?? [];
  const shouting = words.every((one) => one === one.toUpperCase());
  const terms = new Set<string>();
  for (const one of words) {
    const term = cutText(one.toLowerCase(), LONGEST_TERM);
    if (isTelling(one, term, shouting)) terms.add(term);
    if (terms.size === MOST_TERMS) break;
  }
  return [...terms];
}

/** An FTS5 expression that matches any of the terms; of German ones any form, and what is compounded with them. */
export function matchAny(terms: readonly string[], language?: Language): string {
  return terms
    .map((term) => term.replaceAll('"', ""))
    .map((term) => (language === "de" && term.length >= LEAST_STEM ? `"${withoutGermanEnding(term)}"*` : `"${term}"`))
    .join(" OR ");
}

const LEAST_STEM = 4;

/** A German word without the ending of its case or number. */
export function withoutGermanEnding(form: string): string {
  const stem = form.replace(/(?:ern|em|en|er|es|e|n|s)$/u, "");
  return stem.length >= LEAST_STEM ? stem : form;
}

/** Stems as they are compared: German endings are not among those that the index knows. */
export function formsOf(stems: readonly string[], language: Language | undefined): readonly string[] {
  return language === "de" ? stems.map(withoutGermanEnding) : stems;
}

/** Names in a question: words with a capital letter that begin no sentence. */
export function namesIn(query: string): readonly string[] {
  const found = cutText(query, MOST_CHARACTERS)
    .normalize("NFC")
    .matchAll(/(?<=[\p{L}\p{N},;] +)\p{Lu}[\p{L}\p{M}]+/gu);
  return [...new Set([...found].map(([name]) => cutText(name.toLowerCase(), LONGEST_TERM)))];
}

function isTelling(written: string, term: string, shouting: boolean): boolean {
  if (/^\p{N}+$/u.test(term)) return true;
  if (term.length === 1) return /\p{Script=Han}/u.test(term);
  // "OUR" and "IT" in capitals are names of things, unless everything is in capitals.
  return !STOP_WORDS.has(term) || (!shouting && written.length > 1 && written === written.toUpperCase());
}
