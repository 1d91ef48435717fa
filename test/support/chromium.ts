import { accessSync, constants } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--force-color-profile=srgb"];

/** Starts the system's Chromium without a window; says what to install where there is none. */
export async function launchChromium(more: readonly string[] = []): Promise<Browser> {
  const executablePath = PLACES.find(isExecutable);
  if (executablePath === undefined) throw new Error("The browser tests need Chromium: apt-get install chromium");
  return await chromium.launch({ executablePath, headless: true, args: [...ARGUMENTS, ...more] });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
