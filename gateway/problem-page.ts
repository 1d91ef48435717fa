/** A problem as a page, for somebody who opened the address in a browser. Programs get JSON. */
import { readingPage } from "../core/page/reading-page.ts";
import { escapeHtml } from "../core/text/escape-html.ts";

/** Where logging in, or doing it in another way, is what helps. */
const HELPED_BY_LOGIN = /^(?:gateway\/unauthorized|identity\/(?:openid-[a-z-]+|login-refused))$/u;
const STYLE =
  "main.sheet{max-width:30rem}.page-head>div{max-width:26rem}main.sheet a{color:var(--link)}.id{color:var(--muted);font-size:.8125rem}";

/** Whether a call is a browser's that opens a page: only these ask for HTML. */
export function opensPage({ method, accept = "" }: { readonly method: string; readonly accept: string | undefined }) {
  return method === "GET" && accept.includes("text/html");
}

interface Told {
  readonly title: string;
  readonly detail: string;
  readonly code: string;
  readonly correlationId: string;
}

/** `url`: what was opened. */
export function problemPage({ title, detail, code, correlationId }: Told, url: string): string {
  // What a provider sent back is of one use.
  const returnTo = code === "gateway/unauthorized" ? `?returnTo=${encodeURIComponent(url)}` : "";
  const login = HELPED_BY_LOGIN.test(code) ? `<p><a href="/account/login${returnTo}">Log in</a></p>` : "";
  const body = `<main class="sheet"><p>${escapeHtml(detail)}</p>${login}
<p class="id">${escapeHtml(code)}, ${escapeHtml(correlationId)}</p></main>`;
  return readingPage({ title, about: "", body, style: STYLE });
}
