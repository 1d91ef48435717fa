/** Slack's own dialect, as its client shows it. */

/** Slack keeps `&`, `<` and `>` of texts as entities, so what is left of them is control characters. */
const CONTROL = /<([^<>]*)>/gu;
const STYLES: readonly (readonly [RegExp, string])[] = [
  [/(^|[\s([{"'>])\*(?=\S)([^*\n]*[^\s*])\*(?=$|[\s)\]}"'.,;:!?<])/gmu, "b"],
  [/(^|[\s([{"'>])_(?=\S)([^_\n]*[^\s_])_(?=$|[\s)\]}"'.,;:!?<])/gmu, "i"],
  [/(^|[\s([{"'>])~(?=\S)([^~\n]*[^\s~])~(?=$|[\s)\]}"'.,;:!?<])/gmu, "s"],
];

/** mrkdwn as safe HTML. */
export function mrkdwnToHtml(text: string, nameOf: (user: string) => string): string {
  return text
    .split(/(```[\s\S]*?```|`[^`\n]+`)/u)
    .map((piece) => {
      if (piece.length > 6 && piece.startsWith("```") && piece.endsWith("```"))
        return `<pre>${piece.slice(3, -3)}</pre>`;
      if (piece.length > 2 && piece.startsWith("`") && piece.endsWith("`")) return `<code>${piece.slice(1, -1)}</code>`;
      return inline(piece, nameOf);
    })
    .join("")
    .replaceAll("\n", "<br>");
}

function inline(text: string, nameOf: (user: string) => string): string {
  const styled = STYLES.reduce(
    (html, [pattern, tag]) => html.replaceAll(pattern, `$1\u0001${tag}\u0002$2\u0001/${tag}\u0002`),
    text,
  );
  return styled
    .replaceAll(CONTROL, (_whole, content: string) => control(content, nameOf))
    .replaceAll("\u0001", "<")
    .replaceAll("\u0002", ">");
}

function control(content: string, nameOf: (user: string) => string): string {
  const [target = "", label] = content.split("|");
  if (target.startsWith("@")) return mention(`@${label ?? nameOf(target.slice(1))}`);
  if (target.startsWith("#")) return mention(`#${label ?? target.slice(1)}`);
  if (target.startsWith("!")) return mention(`@${label ?? target.slice(1)}`);
  const address = /^(?:https?:|mailto:)/u.test(target) ? target.replaceAll('"', "%22") : "#";
  return `<a href="${address}" rel="noopener noreferrer nofollow" target="_blank">${label ?? target}</a>`;
}

function mention(text: string): string {
  return `<b class="mention">${text}</b>`;
}

/** The words of HTML that this folder made. */
export function htmlToPlain(html: string): string {
  return decode(
    html
      .replaceAll(/<br>|<hr>|<\/(?:p|div|li|tr|pre|h\d)>/gu, "\n")
      .replaceAll(/<\/t[dh]>/gu, " ")
      .replaceAll(/<[^<>]*>/gu, ""),
  )
    .replaceAll("\u2060", "")
    .replaceAll(/\n{3,}/gu, "\n\n")
    .trim();
}

export function decode(text: string): string {
  return text
    .replaceAll(/&#x([0-9a-f]+);/giu, (_whole, code: string) => String.fromCodePoint(Number.parseInt(code, 16)))
    .replaceAll("&quot;", '"')
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}
