/** The page on which people log in: password and second factor, passkey, or another provider, whichever there is. */
import { z } from "zod";
import { ParleyError } from "../../../core/errors.ts";
import type { HttpRoute } from "../../../core/http.ts";
import { readingPage } from "../../../core/page/reading-page.ts";
import { POLICY, STYLE } from "./account-pages.ts";
import { LOGIN_SCRIPT } from "./login-script.ts";
import type { IdentityRouteParts } from "./parts.ts";

/** `/account/login`, and its script. */
export function loginPage(parts: IdentityRouteParts): readonly HttpRoute[] {
  const { identities, passkeys, openId } = parts.identity;
  const shared = { method: "GET", hidden: true, permission: "public" } as const;
  return [
    {
      ...shared,
      path: "/account/login",
      summary: "Log in",
      query: z.object({ returnTo: z.string().max(500).optional() }),
      handle: async () => {
        if (!(await identities.isManaged())) throw nobodyYet();
        const page = html({ hasPasskeys: passkeys !== undefined, hasProvider: openId !== undefined });
        return new Response(page, {
          headers: {
            "content-type": "text/html; charset=utf-8",
            "content-security-policy": POLICY,
            "referrer-policy": "no-referrer",
          },
        });
      },
    },
    {
      ...shared,
      path: "/account/assets/login.js",
      summary: "The script of the page",
      handle: async () => new Response(LOGIN_SCRIPT, { headers: { "content-type": "text/javascript; charset=utf-8" } }),
    },
  ];
}

function nobodyYet(): ParleyError {
  return new ParleyError(
    "identity/nobody-yet",
    "Nobody can log in here yet: parley start shows a link by which the first owner is made.",
    { status: 404 },
  );
}

const MORE_STYLE = `${STYLE}
[hidden]{display:none!important}main.sheet{display:grid;gap:1.1rem}main.sheet p{margin:0}output{color:var(--bad)}
a.way,button.way{display:grid;place-items:center;min-height:2.9rem;padding:.5rem .9rem;border:1px solid var(--line-strong);border-radius:.9rem;background:var(--surface);color:var(--ink);font:inherit;font-weight:600;text-decoration:none;cursor:pointer}
button.plain{min-height:2.9rem;border:0;background:none;color:var(--link);font-weight:400}
a:focus-visible{outline:3px solid var(--link);outline-offset:2px}button,input{width:100%;box-sizing:border-box}`;

function html({ hasPasskeys, hasProvider }: { readonly hasPasskeys: boolean; readonly hasProvider: boolean }): string {
  const ways = [
    ...(hasPasskeys ? ['<button type="button" class="way" id="passkey">Log in with a passkey</button>'] : []),
    ...(hasProvider
      ? ['<a class="way" id="provider" href="/api/v1/auth/openid">Log in with your organisation</a>']
      : []),
  ].join("\n");
  const body = `<main class="sheet">
<p><output role="alert"></output></p>
<form id="first"><label>Login<input name="login" autocomplete="username webauthn" autocapitalize="none" spellcheck="false" required autofocus></label>
<label>Password<input name="password" type="password" autocomplete="current-password" required></label>
<button>Log in</button></form>
<form id="second" hidden><label><span id="asked">Code</span><input name="code" autocomplete="one-time-code" autocapitalize="characters" spellcheck="false" required></label>
<button>Go on</button>
<button type="button" class="plain" id="recovery" hidden>Use a recovery code</button>
<button type="button" class="plain" id="again">Start again</button></form>
${ways}
<noscript><p>This page needs JavaScript to log you in.</p></noscript></main>
<script src="/account/assets/login.js"></script>`;
  return readingPage({ title: "Log in", about: "With your account on this server.", body, style: MORE_STYLE });
}
