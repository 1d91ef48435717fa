/** What is never remembered, whoever asks: secrets, and texts that would act as orders later. */

const SECRET_WORD =
  /\b(?:pins?|passwords?|passcodes?|passwort|passwörter|kennwort|cvv2?|cvc2?|tans?|secret|geheimzahl|card (?:number|no)|kartennummer|iban|one[- ]time code|otp|seed phrase|private key)\b/iu;
/** Card and account numbers, however they are grouped. */
const LONG_NUMBER = /\d(?:[\s.\-/]?\d){6,}/u;
const IBAN = /\b[A-Z]{2}\s?\d{2}(?:\s?[A-Z0-9]{2,4}){3,}/iu;
const ORDER =
  /\b(?:ignore|disregard|override|bypass|skip|forget)\b.*\b(?:rules?|instructions?|prompt|limits?|confirmations?|checks?)\b|\b(?:always|never|automatically|immer|niemals|automatisch|from now on|whenever|without (?:asking|confirm\w*))\b.*\b(?:pay|send|transfer|confirm|approve|execute|trust|obey|buy|zahl\w*|überweis\w*|bestätig\w*|send\w*)\b|\bohne (?:rückfrage|bestätigung)\b|\b(?:system|assistant)\s*:|\bignorier\w*\b/iu;

/** Whether a fact must not be kept. */
export function isForbiddenFact({ key, value }: { readonly key: string; readonly value: string }): boolean {
  const text = `${key}: ${value}`.normalize("NFKC");
  return [SECRET_WORD, LONG_NUMBER, IBAN, ORDER].some((pattern) => pattern.test(text));
}
