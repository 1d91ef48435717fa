/** Puts text from outside into Markdown. */

/**
 * Escapes a text so that it shows literally wherever it is put into a line of Markdown.
 *
 * Every ASCII punctuation mark gets a backslash. Blanks at the ends of its lines and empty lines are dropped, because
 * they would mean code, a hard break or a new paragraph.
 */
export function escapeMarkdown(text: string): string {
  return text.replace(/[ \t]*[\r\n][ \t\r\n]*/g, "\n").replace(/[!-/:-@[-`{-~]/g, String.raw`\$&`);
}
