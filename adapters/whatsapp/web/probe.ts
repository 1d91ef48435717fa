import { execFile } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { promisify } from "node:util";
import type { Check } from "../../../adapter.ts";
import { describeError, ParleyError } from "../../../adapter.ts";
import type { WebSettings } from "../settings.ts";

const PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];
const VERSION_MS = 15_000;

/** The system's Chromium or Chrome. Throws `whatsapp/chromium-missing`. */
export function findChromium(): string {
  const found = PLACES.find(isExecutable);
  if (found === undefined)
    throw new ParleyError(
      "whatsapp/chromium-missing",
      "WhatsApp Web needs Chromium or Chrome, and none was found. Install it (Debian: apt-get install chromium), or set chromium to its path.",
    );
  return found;
}

/** For `parley doctor`: browser, key, directory. Nothing is started but `chromium --version`. */
export async function probeWeb(settings: WebSettings): Promise<readonly Check[]> {
  return [await probeChromium(settings), probeKey(settings), probeSession(settings)];
}

async function probeChromium({ chromium }: WebSettings): Promise<Check> {
  const name = "whatsapp browser";
  const remedy = "Install Chromium (Debian: apt-get install chromium), or set chromium to the path of one.";
  try {
    const path = chromium ?? findChromium();
    const { stdout } = await promisify(execFile)(path, ["--version"], { timeout: VERSION_MS });
    return { name, status: "ok", detail: `${stdout.trim()} at ${path}` };
  } catch (thrown) {
    return { name, status: "error", detail: describeError(thrown), remedy };
  }
}

function probeKey({ sessionKey }: WebSettings): Check {
  const name = "whatsapp session key";
  if (sessionKey === undefined) return { name, status: "ok", detail: "kept sealed in the store" };
  if (sessionKey.reveal().length >= 24) return { name, status: "ok", detail: "long enough" };
  const remedy = "Make a random one of at least 24 characters: openssl rand -base64 32";
  return { name, status: "warning", detail: "short: the stored session could be opened by guessing", remedy };
}

function probeSession({ directory }: WebSettings): Check {
  const name = "whatsapp session";
  if (existsSync(directory))
    return { name, status: "ok", detail: `it was linked, or taken over, on this machine before` };
  const remedy = "Run: parley login. Nothing is to be done where another machine of this installation has linked it.";
  return { name, status: "warning", detail: "no account was linked on this machine yet", remedy };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
