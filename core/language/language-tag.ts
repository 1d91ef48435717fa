/** Whether a text is the tag of a language that the machine knows: "german" has the form of one as well. */
export function isLanguageTag(tag: string): boolean {
  try {
    // What no locale data knows would be shown in the machine's own language.
    return Intl.DateTimeFormat.supportedLocalesOf(tag).length === 1;
  } catch {
    return false;
  }
}
