import { spawnSync } from "node:child_process";
import { userInfo } from "node:os";

/** Whom to run a server as that refuses to be run as root; undefined where we are somebody else already. */
export function ordinaryUser(): { readonly uid: number; readonly gid: number } | undefined {
  if (userInfo().uid !== 0) return undefined;
  const idOf = (kind: "-u" | "-g", user: string): number => {
    const found = spawnSync("id", [kind, user], { encoding: "utf8" });
    return found.status === 0 ? Number(found.stdout.trim()) : Number.NaN;
  };
  const user = ["postgres", "nobody"].find((name) => !Number.isNaN(idOf("-u", name))) ?? "nobody";
  return { uid: idOf("-u", user), gid: idOf("-g", user) };
}
