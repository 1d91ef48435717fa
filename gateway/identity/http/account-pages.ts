/** The pages that one-use links open: to become the first owner, and to set a password. */
import { z } from "zod";
import type { HttpRoute } from "../../../core/http.ts";

const POLICY = [
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
    call: "/api/v1/auth/first-owner",
    fields: [
      '<label>Login, such as your mail address<input name="login" autocomplete="username" required></label>',
      '<label>Name<input name="name" autocomplete="name"></label>',
    ],
    done: "You are the owner now. Log in with your login and password.",
  },
  password: {
    title: "Set a password",
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
  try {
    const response = await fetch(form.dataset.call, { method: "POST", headers, body });
    said.textContent = response.ok ? form.dataset.done : (await response.json()).detail;
    if (response.ok) form.remove();
  } catch {
    said.textContent = "The server did not answer. Try again.";
  }
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

function html(page: z.infer<typeof Page>["page"]): string {
  const { title, call, fields, done } = PAGES[page];
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title>
<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:26rem;margin:3rem auto;padding:0 1rem;color-scheme:light dark}
label{display:block;margin:1rem 0}input,button{display:block;width:100%;box-sizing:border-box;padding:.5rem;font:inherit}</style></head>
<body><main><h1>${title}</h1>
<form data-call="${call}" data-done="${done}">${fields.join("")}
<label>Password, of 12 characters or more<input name="password" type="password" autocomplete="new-password" required></label>
<button>${title}</button></form>
<p><output></output></p></main>
<script src="/account/assets/account.js"></script></body>
</html>`;
}
