import { isatty } from "node:tty";
import pc from "picocolors";

const { FORCE_COLOR: forced, NO_COLOR: refused, TERM: terminal } = process.env;
const isForced = forced !== undefined && forced !== "" && forced !== "0";

/**
 * Colours for a terminal, plain text for a file or a pipe; `NO_COLOR` and `FORCE_COLOR` overrule. The library's own
 * judgement would also colour what is piped wherever `CI` is set.
 */
export const colors = pc.createColors((refused ?? "") === "" && (isForced || (isatty(1) && terminal !== "dumb")));
