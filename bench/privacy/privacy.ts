/**
 * `npm run bench -- privacy`: how long the detectors of personal data take for texts of 100 kB that are made to be slow, and
 * whether time grows with the length alone (four times the text, at most about four times the time).
 */
import { findPersonalData } from "../../core/privacy/personal-data.ts";
import { hostileTexts } from "./hostile-texts.ts";

const LENGTH = 100_000;
const MOST_MS = 50;
const RUNS = 5;

export async function run(): Promise<void> {
  for (const text of Object.values(hostileTexts(2_000))) findPersonalData(text);
  const quarter = hostileTexts(LENGTH / 4);
  const rows = Object.entries(hostileTexts(LENGTH)).map(([name, text]) => {
    const milliseconds = cpuOf(text);
    return { name, milliseconds, growth: milliseconds / Math.max(0.05, cpuOf(quarter[name] ?? "")) };
  });
  console.log("100 kB of                       CPU ms   times that of a quarter");
  for (const { name, milliseconds, growth } of rows.toSorted((left, right) => right.milliseconds - left.milliseconds)) {
    const slow = milliseconds > MOST_MS ? "  over 50 ms" : "";
    console.log(`${name.padEnd(30)} ${milliseconds.toFixed(1).padStart(7)}   ${growth.toFixed(1).padStart(6)}${slow}`);
  }
  if (rows.some(({ milliseconds }) => milliseconds > MOST_MS)) process.exitCode = 1;
}

/** The least of some runs: what else the machine does is no part of it. */
function cpuOf(text: string): number {
  const runs = Array.from({ length: RUNS }, () => {
    const before = process.cpuUsage();
    findPersonalData(text);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  });
  return Math.min(...runs);
}
