import { randomBytes, randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { findPersonalData } from "./personal-data.ts";

/** Each text with what is personal in it in braces: "My card is {4242 4242 4242 4242}". */
const found: Readonly<Record<string, readonly string[]>> = {
  card: [
    "Charge {4242424242424242} please",
    "card: {5555-5555-5555-4444}, exp 01/30",
    "Meine Karte {3714 496353 98431} wurde gesperrt",
    "nr.{6011.1111.1111.1117}!",
    "it is {4OOO 0566 5566 5556}",
    "{４２４２　４２４２　４２４２　４２４２}",
    "card {4242\u200B424242424242}",
    "{4111 1111 1111 1111} {5555 5555 5555 4444}",
    "{4111-1111-1111-1111} {5555-5555-5555-4444}",
    "{4111111111111111},{5555555555554444},{4012888888881881}",
    "17,{4012888888881881},Jana",
    "my card number is {4532123456789010}",
    "Karte: {4532 1234 5678 9010} geht nicht",
    "valid thru 12/26 {4111 1111 1111 1111} 123",
  ],
  iban: [
    "to {DE89370400440532013000}",
    "IBAN {GB29 NWBK 6016 1331 9268 19}.",
    "{ch93-0076-2011-6238-5295-7} bitte",
    "IBAN:{FR1420041010050500013M02606}",
    "{H U42 1177 3016 1111 1018 0000 0000}",
  ],
  account: [
    "my account number is {12345678}",
    "Acct #{0044 1199 23}",
    "sort code {12-34-56}",
    "Kundennr. {KD-445566}",
    "das Konto {4711 0815 99} wurde gekündigt",
    "Vertragsnummer lautet {V-9988776}",
    "numéro de contrat : {7788990011}",
    "n° de compte {00123456789}",
    "mi número de cuenta es {2100 0418 45 0200051332}",
    "il conto n. {000000123456} è chiuso",
    "klantnr {556677} graag nakijken",
    "nr klienta: {8877665}",
    "customer_id={90817263} ok",
    "policy no. {PX-223344}",
    "acc no {44556677}",
    "Kd.-Nr. {8812345}",
    "Vers.-Nr.: {77-123456-A}",
    "contract number {AB-77-1290}",
    "the account I mean is {51200937}, not the joint one",
    "Mein Konto bei Ihnen hat die Nummer {5590123344}",
    "Versicherungsscheinnummer {LV 99120034}",
    "contrat n° {AB2209931}",
  ],
  "national-id": [
    "SSN {536-90-4399}",
    "my social security number is {536904399}",
    "NINO {AB 12 34 56 C}",
    "Steuer-ID: {65 929 970 489}",
    "Personalausweis {L01X00T471}",
    "passport number {533380006}",
    "Reisepass Nr. {C01X 0006 H}",
    "pesel {44051401359}",
    "BSN: {111222333}",
    "AHV {756.9217.0769.85}",
    "DNI {12345678Z}",
    "mon NIR est {1 85 05 78 006 084 91}",
    "codice fiscale {RSSMRA85T10A562S}",
    "numer dowodu {ABA300000}",
    "rijksregister {85.07.30-033.28}",
    "driving licence {MORGA657054SM9IJ}",
    "Versichertennummer {A123456780}",
    "CURP {GODE561231HDFRRN09}",
    "rodné číslo {736028/5163}",
    "kennitala {120174-3399}",
    "RUT {12.345.678-5}",
    "HKID {A123456(3)}",
    "{521449087}, that's my social",
  ],
  email: [
    "write to {ada@example.com}, thanks",
    "{ada.l+x@mail.example.co.uk}",
    "{ada (at) example (dot) com}",
    "{ada [at] example.com}",
    "https://example.com/?mail={ada%40example.com}&x=1",
    "schreib an {ada klammeraffe beispiel punkt de}",
    "{jörg@müller.example}",
  ],
  phone: [
    "call {+44 20 7946 0958}",
    "ring {020 7946 0958} please",
    "Handy: {0171 1234567}",
    "unter {+49 (0)30 901820} erreichbar",
    "{(212) 555-0187} works",
    "{1-212-555-0187} is my line",
    "mon numéro: {06 12 34 56 78}",
    "llámame al {612 345 678}",
    "zadzwoń pod {501 502 503}",
    "Tel. {030/901820}",
    "tel:{+4930901820}",
    "it's {oh seven seven zero zero nine zero zero one two three}",
  ],
  crypto: [
    "send to {1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa}",
    "{bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq} please",
    "{0x52908400098527886E0F7030069857D2E4169EE7}",
    "vault: {ada.eth}",
    "atom goes to {cosmos1syavy2npfyt9tcncdtsdzf7kny9lh777pahuux}",
    "zcash {t1VShHAhsQc5RVndQLyM1ZbQXLHKd35GkG1}",
    "ton wallet {EQCD39VS5jcptHL8vMjEXrzGaRcCVYto7HUn4bpAOg8xqB2N}",
    "{9WzDXwBbmkg8ZTbNMqUxvQRAyrZzDsGYdLVL9zYtAWWM} on phantom",
  ],
  secret: [
    "my password is {Tr0ub4dor&3}",
    "Passwort: {geheim123!}",
    "PIN {4711}",
    "die PIN lautet {4711}",
    "Your code is {493021}",
    "TAN {123 456}",
    "https://example.com/cb?access_token={abcdef123456}&x=1",
    "postgres://app:{hunter2}@db.example/x",
    "Authorization: Bearer {abcdefghijklmnop1234}",
    "api_key={k_9x8y7z6w5v4u}",
    "mot de passe : {Soleil2024}",
    "la contraseña es {Luna_77}",
    "use {sk-ant-api03-AbCdEfGhIjKlMnOpQrSt}",
    "passwd={x9!kd02}",
    "password: {sunshine}",
    "login: admin / {x9!kd02}",
    "alarm code {2580}",
    "clé wifi : {Soleil2024}",
    "the password I set yesterday was {Kolibri!77}",
    "use {Zebra-Cake9} as the password",
    "authenticator shows {120 443}",
    "the safe combination is {12-44-71}",
    "Freischaltcode: {AB12-CD34}",
    "código de seguridad {552}",
  ],
};

/** Nothing in them is personal. */
const plain = [
  "Order 4711 of 2 March 2026 came to 1.234,56 € in 3 parcels.",
  "On 2026-12-02T00:30:08.123Z the run 9f8e7d6c took 120 ms.",
  "id 3f2504e0-4f89-41d3-9a0c-0305e82c3301 was given",
  "My account has been locked since 2019.",
  "Transfer 1500 to my other account please",
  "I forgot my password and the PIN too",
  "error code 50035 from the server",
  "postal code 12345 is missing",
  "Artikelnr. 4006381333931, Menge 12",
  "version 1.22.333.4444 of 12/05/2026",
  "telegram:main:183456789012345678",
  "The key idea is simple: 12 steps",
  "Überweise 250,00 € am 31.12.2026",
  "room 101, floor 12",
  "password: it must have eight letters",
  "customer no-reply and read-only accounts",
  "zero seven seven",
  "ada at home",
];

const cases = Object.entries(found).flatMap(([kind, texts]) => texts.map((text) => [kind, text] as const));

describe("personal data", () => {
  it.each(cases)("%s: %s", (kind, marked) => {
    const text = marked.replaceAll(/[{}]/gu, "");
    const values = [...marked.matchAll(/\{(.*?)\}/gu)].map(([, value]) => value);
    expect(findPersonalData(text).map((one) => ({ kind: one.kind, value: text.slice(one.start, one.end) }))).toEqual(
      values.map((value) => ({ kind, value })),
    );
  });

  it.each(plain)("is not in: %s", (text) => {
    expect(findPersonalData(text)).toEqual([]);
  });
});

describe("ids that machines make", () => {
  it("are never masked in part", () => {
    for (let round = 0; round < 5_000; round++) {
      const uuid = randomUUID();
      const ids = [uuid, uuid.toUpperCase(), `a${randomBytes(16).toString("hex").slice(1)}`];
      for (const id of ids) expect([id, findPersonalData(`order ${id} failed`)]).toStrictEqual([id, []]);
    }
  });

  it("hide no number that stands beside them", () => {
    const text = "SSN 536-90-4399 of 4f6c7bb2-6f3a-4d1e-9a54-12345678Z000, e0d2c8a1-0000-4000-8000-000000000000";
    expect(findPersonalData(text)).toContainEqual({ kind: "national-id", start: 4, end: 15 });
  });
});
