/** The pages that one-use links open: to become the first owner, and to set a password. */
import { z } from "zod";
import type { HttpRoute } from "../../../core/http.ts";
import { readingPage } from "../../../core/page/reading-page.ts";

export const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'unsafe-inline'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const Page = z.object({ page: z.enum(["first-owner", "password"]) });

const PAGES = {
  "first-owner": {
    title: "Become the first owner",
    about: "The owner may do everything here, and gives roles to others. This link works once.",
    call: "/api/v1/auth/first-owner",
    fields: [
      '<label>Login, such as your mail address<input name="login" autocomplete="username" required></label>',
      '<label>Name<input name="name" autocomplete="name"></label>',
    ],
    done: "You are the owner now. Log in with your login and password.",
  },
  password: {
    title: "Set a password",
    about: "This link works once.",
    call: "/api/v1/auth/password",
    fields: [],
    done: "The password is set. Log in with it.",
  },
} as const;

/** The secret behind the # goes nowhere but into the one call. */
const SCRIPT = `const form = document.querySelector("form");
const said = document.querySelector("output");
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const body = JSON.stringify({ ...Object.fromEntries(new FormData(form)), secret: location.hash.slice(1) });
  const headers = { "content-type": "application/json" };
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    const response = await fetch(form.dataset.call, { method: "POST", headers, body });
    said.textContent = response.ok ? form.dataset.done : (await response.json()).detail;
    if (response.ok) {
      form.remove();
      document.querySelector("#login").hidden = false;
    }
  } catch {
    said.textContent = "The server did not answer. Try again.";
  }
  button.disabled = false;
});
`;

/** `/account/first-owner` and `/account/password`. They tell nothing: what they send is what counts. */
export function accountPages(): readonly HttpRoute[] {
  const shared = { method: "GET", hidden: true, permission: "public" } as const;
  return [
    {
      ...shared,
      path: "/account/:page",
      summary: "What a one-use link opens",
      parameters: Page,
      handle: async ({ parameters }) =>
        new Response(html(Page.parse(parameters).page), {
          headers: {
            "content-type": "text/html; charset=utf-8",
            "content-security-policy": POLICY,
            "referrer-policy": "no-referrer",
          },
        }),
    },
    {
      ...shared,
      path: "/account/assets/account.js",
      summary: "The script of these pages",
      handle: async () => new Response(SCRIPT, { headers: { "content-type": "text/javascript; charset=utf-8" } }),
    },
  ];
}

export const STYLE = `form{display:grid;gap:1.1rem}label{display:grid;gap:.35rem;font-weight:600}
input,button{min-height:2.9rem;padding:.5rem .9rem;border:1px solid var(--line-strong);border-radius:.9rem;background:var(--surface);color:var(--ink);font:inherit}
button{border-color:var(--accent);background:var(--accent);color:var(--on-accent);font-weight:600;cursor:pointer}button:disabled{opacity:.6}
main.sheet{max-width:30rem}.page-head>div{max-width:26rem}main.sheet a:not(.way){color:var(--link)}p:has(output:empty){display:none}:is(input,button):focus-visible{outline:3px solid var(--link);outline-offset:2px}`;

function html(page: z.infer<typeof Page>["page"]): string {
  const { title, about, call, fields, done } = PAGES[page];
  const body = `<main class="sheet"><form data-call="${call}" data-done="${done}">${fields.join("")}
<label>Password, of 12 characters or more<input name="password" type="password" autocomplete="new-password" minlength="12" required></label>
<button>${title}</button></form>
<p><output></output></p><p id="login" hidden><a href="/account/login">Log in</a></p></main>
<script src="/account/assets/account.js"></script>`;
  return readingPage({ title, about, body, style: STYLE });
}
