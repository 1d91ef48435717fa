import type { Detector } from "./finding.ts";
import { matchesOf } from "./finding.ts";

/** A name of a street: capitalised words, at most four. */
const WORD = "\\p{Lu}[\\p{L}'’.-]{0,30}";
const NUMBER = "\\d{1,4}(?: ?[a-zA-Z](?![\\p{L}]))?(?: ?[-/] ?\\d{1,4}[a-z]?){0,3}";
const GERMAN_STREET = `(?:(?:${WORD}[ -]){0,3}(?:\\p{L}{0,30}(?:straße|strasse|str\\.|weg|gasse|platz|allee|ufer|ring|damm|chaussee|steig|stieg|markt|graben|kai|hof|berg|park|promenade|zeile)|(?<=\\p{L}[ -])(?:Straße|Strasse|Str\\.|Weg|Gasse|Platz|Allee|Ufer|Ring|Damm|Markt))|(?:Am|An der|An den|Im|In der|Auf der|Auf dem|Unter den|Hinter de[rmn]|Vor de[rm]|Bei de[rmn]|Zum|Zur|Beim) ${WORD}(?: ${WORD})?)`;
const ENGLISH_KIND =
  "(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Court|Ct|Close|Crescent|Cres|Terrace|Ter|Place|Pl|Square|Sq|Way|Boulevard|Blvd|Gardens|Grove|Hill|Mews|Parade|Parkway|Pkwy|Circle|Cir|Highway|Hwy|Row|Walk|Quay|Green|Park|Rise|View|Broadway)";
const ENGLISH_STREET = `(?:(?:Flat|Apt\\.?|Apartment|Unit|Suite|Room) ?#?\\w{1,5},? )?\\d{1,5}[A-Za-z]?(?:[-/]\\d{1,4})? (?:(?:${WORD}|\\d{1,3}(?:st|nd|rd|th)) ){1,4}${ENGLISH_KIND}\\b\\.?(?: (?:North|South|East|West|N|S|E|W|NE|NW|SE|SW)\\b)?`;
const UNIT = "(?:,? (?:Apt\\.?|Apartment|Unit|Suite|Ste\\.?|Flat|Floor|Fl\\.?|#) ?#?\\w{1,6})?";
const ROMANCE_STREET = `(?:(?:\\d{1,4}(?: ?(?:bis|ter))?,? )?(?:[Rr]ue|[Aa]venue|[Bb]oulevard|[Bb]d|[Pp]lace|[Cc]hemin|[Ii]mpasse|[Aa]llée|[Qq]uai|[Cc]ours)|(?:[Cc]alle|C/|[Cc]arrer|[Rr]ua|[Tt]ravessa|[Pp]raça|[Pp]laça|[Aa]venida|[Aa]vda\\.?|[Pp]laza|[Pp]aseo|[Cc]amino|[Rr]onda|[Vv]ia|[Vv]iale|[Pp]iazza|[Cc]orso|[Vv]icolo|[Ll]argo|[Pp]iazzale))(?: (?:de|del|della|dello|dei|degli|di|d'|da|du|des|la|las|los|le|les|l'|el|y|al|à|en))*(?: ?(?:${WORD}|\\d{1,2}(?= )))(?: (?:(?:de|del|della|di|du|des|la|las|los|le|les|el|y) ?)*${WORD}){0,4}`;
const DUTCH_STREET = "\\p{Lu}[\\p{L}'-]{0,30}(?:straat|laan|weg|plein|gracht|kade|singel|dijk|hof|steeg|pad|dreef)";
const POLISH_STREET = `(?:ul\\.|ulica|al\\.|aleja|pl\\.|os\\.) ?${WORD}(?: ${WORD}){0,3}`;
const GAP = "(?:,? ?\\n|,|;| -| –|/)? ?";
const PLACE = `${WORD}(?:[ -](?:(?:am|an der|im|in|ob der|sur|de|la|del|upon|on|aan|den) )?${WORD}){0,3}`;
const POSTCODE = "(?:[A-Z]{1,2}-)?\\d{4,5}(?: ?[A-Z]{2}\\b)?|\\d{2}-\\d{3}";
const BRITISH_CODE = "[A-Z]{1,2}\\d[A-Z\\d]? ?\\d[A-Z]{2}";
const AMERICAN_CODE = `(?:${PLACE},? )?[A-Z]{2},? \\d{5}(?:-\\d{4})?`;
/** Brazil: flat, quarter, town and state before the postcode. */
const BRAZILIAN = `(?:apto\\.? ?\\w{1,5}, )?(?:${PLACE}, ){0,2}${PLACE} ?[-/] ?[A-Z]{2},? \\d{5}-?\\d{3}`;
const TOWN = `(?:(?:${POSTCODE}) ${PLACE}|(?:${PLACE}${GAP}){0,3}${BRITISH_CODE}|${AMERICAN_CODE}|${PLACE},? \\d{4,5}|${PLACE})`;

const edge = (body: string, flags = "gu"): RegExp => new RegExp(`(?<![\\p{L}\\p{N}])${body}(?![\\p{L}\\p{N}])`, flags);
const FLOOR =
  "(?:,? ?(?:\\d{1,2}\\. ?(?:OG|Stock|Etage)|EG|Hinterhaus|Top \\d+|[Aa]partado \\w+|\\d{1,2}º ?\\w{0,2}|int\\. ?\\w+|(?:m|lok)\\. ?\\d+|appt\\.? ?\\w+))?";

const STREETS: readonly RegExp[] = [
  edge(`${GERMAN_STREET} ${NUMBER}${FLOOR}(?:${GAP}${TOWN})?`),
  edge(`${DUTCH_STREET} ${NUMBER}(?:${GAP}${TOWN})?`),
  edge(`${ENGLISH_STREET}${UNIT}(?:${GAP}${TOWN})?`),
  edge(
    `\\d{1,4}(?: ?(?:bis|ter))?,? ${ROMANCE_STREET.replace("(?:\\d{1,4}(?: ?(?:bis|ter))?,? )?", "")}(?:${GAP}${TOWN})?`,
  ),
  edge(`${ROMANCE_STREET}(?:,? ?(?:n[º°.]? ?)?\\d{1,4}[a-zA-Z]?)${FLOOR}(?:${GAP}(?:${BRAZILIAN}|${TOWN}))?`),
  edge(`${POLISH_STREET} ${NUMBER}(?:/\\d{1,4})?${FLOOR}(?:${GAP}${TOWN})?`),
];
/** A postcode and a town by themselves, where a word says that it is an address. */
const LABELLED = new RegExp(
  `(?:address|adresse|anschrift|wohn\\w*|live (?:at|in)|postcode|post code|zip(?: code)?|plz|postleitzahl|adres|dirección|indirizzo)[^\\n\\p{N}]{0,20}(?<value>(?:${POSTCODE}) ${PLACE}|${BRITISH_CODE}|\\d{5}(?:-\\d{4})?)(?![\\p{L}\\p{N}])`,
  "giu",
);
const BOX = edge(
  `(?:P\\.? ?O\\.? ?Box|Postfach|Apartado(?: de Correos)?|Casella Postale|Postbus|BP) \\d{1,7}(?: ?\\d{1,4}){0,3}(?:${GAP}${TOWN})?`,
);
const BRITISH = edge(BRITISH_CODE);

/** Postal addresses: a street with a house number, and the town behind it. A street alone is no address. */
export const findPostalAddresses: Detector = function* findPostalAddresses(text) {
  if (!/\d/u.test(text)) return;
  for (const street of STREETS) yield* matchesOf("postal", text, street);
  yield* matchesOf("postal", text, BOX);
  yield* matchesOf("postal", text, LABELLED);
  yield* matchesOf("postal", text, BRITISH, ({ 0: literal }) => literal.includes(" "));
};
