/** A value that stands in a configuration, as an error may show it: short, and never a secret. */
import { cutText } from "../text/cut.ts";
import { Secret, SecretReference } from "./secret.ts";

const LONGEST = 60;
const SECRET_NAME = /token|secret|password|passphrase|credential|api-?key|sessionKey|^key$|^former$/iu;
/** Tokens of platforms, a user and password in an address, and anything long without spaces that mixes letters and digits. */
const SECRET_TEXT =
  /:\/\/[^\s/]*@|^(?:xox|xapp|sk-|gh[ps]_|EAA|Bearer )|^\d+:[\w-]{20,}|^(?=\S*\d)(?=\S*[a-z])[^\s/.]{24,}$/iu;

/** What was found at a path, in words. */
export function shown(value: unknown, path: readonly string[]): string {
  switch (typeof value) {
    case "undefined":
      return "nothing";
    case "number":
    case "bigint":
    case "boolean":
      return String(value);
    case "string":
      return shownText(value, path);
    case "function":
    case "symbol":
      return `a ${typeof value}`;
    case "object":
      return shownObject(value);
  }
}

function shownText(text: string, path: readonly string[]): string {
  const isSecret = path.some((part) => SECRET_NAME.test(part)) || SECRET_TEXT.test(text);
  return isSecret ? "a text that is not shown: it may be a secret" : cutText(JSON.stringify(text), LONGEST, "…");
}

function shownObject(value: object | null): string {
  if (value === null) return "null";
  if (value instanceof Secret) return `a secret from ${value.from}`;
  if (value instanceof SecretReference) return `${value.source}(${JSON.stringify(value.name)})`;
  if (!Array.isArray(value)) return "an object";
  return value.length === 0 ? "an empty list" : `a list of ${value.length}`;
}
