import { expect, it } from "vitest";
import { findPersonalData } from "./personal-data.ts";

const found = (text: string): readonly string[] =>
  findPersonalData(text).map(({ kind, start, end }) => `${kind}: ${text.slice(start, end)}`);

it.each([
  ["the digits under my name on the broadband letter, its VM 9926 1048 3", "account: VM 9926 1048 3"],
  ["9 204 771 302 ist seine Bausparnummer", "account: 9 204 771 302"],
  ["My checking is 000728391465 at the credit union", "account: 000728391465"],
  ["it's now 7402, the pin I mean", "secret: 7402"],
  ["la contraseña del netflix sigue siendo gatoNegro_77", "secret: gatoNegro_77"],
  ["hasło do kompa jest stare, a do poczty zielonaZaba#5", "secret: zielonaZaba#5"],
])("the nearest word says what a value is: %s", (text, expected) => {
  expect(found(text)).toEqual([expected]);
});

it.each([
  "my account is fine, but order 88120943 has not come",
  "the error code 500312 came behind the login",
  '{"accountId":"savings","amountMinor":150000}',
  "Le mot de passe est faux ; réseau Livebox-9A3C",
  "The credentials need s3:ListBucket on the bucket",
  "openssl rand -base64 32 makes a key",
])("and a nearer word says that it is harmless: %s", (text) => {
  expect(found(text)).toEqual([]);
});
