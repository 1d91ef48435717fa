/** A thread that trains its share: rounds come as messages, results go back. */
import { parentPort, workerData } from "node:worker_threads";
import { webAssemblyTraining } from "../kernel/web-assembly.ts";
import { type Round, runRound } from "./round.ts";
import type { ThreadData } from "./threads.ts";

const { memory, scratch }: ThreadData = workerData;
const kernel = webAssemblyTraining(memory);
kernel.configure(scratch);
parentPort?.on("message", (round: Round) => parentPort?.postMessage(runRound(kernel, round)));
