/** Takes people out of a raw payload and leaves its shape: what may stand in a repository as a fixture. */

const SECRET_KEY =
  /token|secret|password|authorization|signature|cookie|session|hmac|url|uri|avatar|hash|file_?(?:unique_?)?id/iu;
const NAME_KEY = /name|nick|title|email|phone|author|push/iu;
const TEXT_KEY = /^(?:text|content|body|caption|message|description|value|fallback|quote|plain)/iu;
const IDENTIFIER = /\d{5,}/gu;

/**
 * A copy with secrets and addresses left out, names replaced, the letters of texts masked (length, punctuation, slash
 * commands and white space stay, so that offsets into them still fit) and long numbers replaced, the same number always
 * by the same one. Pure.
 */
export function redact(raw: unknown): unknown {
  const numbers = new Map<string, string>();
  const numberFor = (digits: string): string => {
    const known = numbers.get(digits) ?? String(numbers.size + 1).padStart(digits.length, "7");
    numbers.set(digits, known);
    return known;
  };
  const walk = (value: unknown, key: string): unknown => {
    if (Array.isArray(value)) return value.map((entry) => walk(entry, key));
    if (typeof value === "object" && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, walk(entry, name)]));
    }
    if (typeof value === "number" && Math.abs(value) >= 1e9 && !isTime(value)) {
      return Math.sign(value) * Number(numberFor(String(Math.abs(value))));
    }
    return typeof value === "string" ? redactText(value, key, numberFor) : value;
  };
  return walk(raw, "");
}

function redactText(text: string, key: string, numberFor: (digits: string) => string): string {
  if (SECRET_KEY.test(key) || /^https?:/iu.test(text)) return "[left out]";
  if (TEXT_KEY.test(key)) return masked(text);
  if (NAME_KEY.test(key)) return "Somebody";
  return text.replaceAll(IDENTIFIER, numberFor);
}

/** Seconds or milliseconds of this century: times tell nothing of a person and order the fixtures. */
function isTime(value: number): boolean {
  return (value > 946_684_800 && value < 4_102_444_800) || (value > 946_684_800_000 && value < 4_102_444_800_000);
}

function masked(text: string): string {
  return text
    .split(/(\s+)/u)
    .map((word) => (word.startsWith("/") ? word : word.replaceAll(/\p{L}/gu, "x").replaceAll(/\p{N}/gu, "0")))
    .join("");
}
