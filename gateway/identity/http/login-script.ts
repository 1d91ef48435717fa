/** What the login page does in the browser. It keeps nothing: the session comes as cookies that no script reads. */
export const LOGIN_SCRIPT = `const $ = (id) => document.getElementById(id);
const first = $("first");
const second = $("second");
const said = document.querySelector("output");
const ways = [$("passkey"), $("provider")].filter((way) => way !== null);
const wanted = new URLSearchParams(location.search).get("returnTo") ?? "/";
// A page of this server alone: "//elsewhere" and "/\\\\elsewhere" are others'.
const returnTo = /^\\/(?![/\\\\])[\\x21-\\x5b\\x5d-\\x7e]*$/.test(wanted) ? wanted : "/";
if ($("provider") !== null) $("provider").href += "?returnTo=" + encodeURIComponent(returnTo);

const ASKED = {
  totp: "Code of your authenticator app",
  "recovery-code": "Recovery code",
  code: "Code that was sent to you",
};
let step;

async function call(path, body) {
  const headers = { "content-type": "application/json" };
  const response = await fetch("/api/v1/auth/" + path, { method: "POST", headers, body: JSON.stringify(body) });
  const answer = await response.json().catch(() => undefined);
  if (response.ok) return answer;
  throw Object.assign(new Error(answer?.detail ?? "The server did not answer as it should. Try again."), { code: answer?.code });
}

async function attempt(work) {
  said.textContent = "";
  const buttons = [...document.querySelectorAll("button")];
  for (const button of buttons) button.disabled = true;
  try {
    await work();
  } catch (thrown) {
    said.textContent =
      thrown instanceof TypeError ? "The server cannot be reached. Check your connection and try again."
      : thrown.name === "NotAllowedError" ? "No passkey was used. Try again, or log in with your password."
      : thrown.message;
  } finally {
    for (const button of buttons) button.disabled = false;
  }
}

function goOn(answer) {
  if (answer.kind === "session") return location.assign(returnTo);
  const method = ["totp", "code", "recovery-code"].find((one) => answer.methods.includes(one));
  if (method === undefined) {
    said.textContent = "This account logs in with its passkey.";
    return;
  }
  step = { challenge: answer.challenge, handle: answer.handle, method };
  first.hidden = true;
  for (const way of ways) way.hidden = !(way.id === "passkey" && answer.methods.includes("passkey"));
  second.hidden = false;
  $("recovery").hidden = !answer.methods.includes("recovery-code");
  ask(method);
}

function ask(method) {
  step.method = method;
  $("asked").textContent = ASKED[method];
  second.elements.code.inputMode = method === "recovery-code" ? "text" : "numeric";
  second.elements.code.value = "";
  second.elements.code.focus();
}

function startAgain() {
  step = undefined;
  second.hidden = true;
  first.hidden = false;
  for (const way of ways) way.hidden = false;
  first.elements.password.value = "";
  first.elements.password.focus();
}

first.addEventListener("submit", (event) => {
  event.preventDefault();
  const { login, password } = Object.fromEntries(new FormData(first));
  void attempt(async () => goOn(await call("login", { login, password, cookies: true })));
});
second.addEventListener("submit", (event) => {
  event.preventDefault();
  const code = second.elements.code.value.trim();
  void attempt(async () => goOn(await call("login/second-factor", { ...step, code, cookies: true })));
});
$("recovery").addEventListener("click", () => {
  said.textContent = "";
  $("recovery").hidden = true;
  ask("recovery-code");
});
$("again").addEventListener("click", () => {
  said.textContent = "";
  startAgain();
});

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

$("passkey")?.addEventListener("click", () => {
  void attempt(async () => {
    if (navigator.credentials === undefined) throw new Error("This browser has no passkeys. Log in with your password.");
    const options = await call("login/passkey/options", {});
    const allowCredentials = (options.allowCredentials ?? []).map((one) => ({ ...one, id: bytes(one.id) }));
    const publicKey = { ...options, challenge: bytes(options.challenge), allowCredentials };
    const { id, rawId, type, response } = await navigator.credentials.get({ publicKey });
    const answer = {
      id,
      rawId: text(rawId),
      type,
      response: {
        clientDataJSON: text(response.clientDataJSON),
        authenticatorData: text(response.authenticatorData),
        signature: text(response.signature),
        ...(response.userHandle ? { userHandle: text(response.userHandle) } : {}),
      },
    };
    goOn(await call("login/passkey", { answer, cookies: true }));
  });
});
`;
