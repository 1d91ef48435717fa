/** The frame of a page to read: complete in itself, without scripts, and nothing is loaded from elsewhere. */
import { escapeHtml } from "../text/escape-html.ts";
import { look, stylesheet } from "./look.ts";

export interface ReadingPage {
  readonly title: string;
  /** Under the title, as HTML. */
  readonly about: string;
  /** The page itself, as HTML. */
  readonly body: string;
  /** Rules that this page has besides. */
  readonly style?: string;
}

/** The whole page as HTML, in the look of the chat. */
export function readingPage({ title, about, body, style = "" }: ReadingPage): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<style>${look()}${stylesheet("reading.css")}${style}</style>
</head>
<body>
<header class="page-head"><div><p class="page-title">${escapeHtml(title)}</p>
<p class="page-about">${about}</p></div></header>
${body}
</body>
</html>`;
}
