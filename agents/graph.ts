/** The crew as a LangGraph graph: every role returns to the orchestrator, which decides what comes next. */
import { Annotation, END, START, StateGraph } from "@langchain/langgraph";
import { startState, type CrewState, type Desk, type NextRole, type Roles } from "./roles/contract.ts";
import { analyzeIntent } from "./roles/intent-analyzer.ts";
import { orchestrate, type Orchestration } from "./roles/orchestrator.ts";
import { generateResponse } from "./roles/response-generator.ts";
import type { CallDesk } from "./roles/tool-calls.ts";
import { selectTools } from "./roles/tool-selector.ts";

const State = Annotation.Root({
  words: Annotation<CrewState["words"]>,
  intention: Annotation<CrewState["intention"]>,
  wanted: Annotation<CrewState["wanted"]>,
  made: Annotation<CrewState["made"]>,
  transcript: Annotation<CrewState["transcript"]>,
  rounds: Annotation<CrewState["rounds"]>,
  toolsSettled: Annotation<CrewState["toolsSettled"]>,
  draft: Annotation<CrewState["draft"]>,
  reply: Annotation<CrewState["reply"]>,
  next: Annotation<CrewState["next"]>,
});

/** Far above what the bounds on tool rounds and restarts allow: only a bug reaches it. */
const RECURSION_LIMIT = 100;

export interface GraphRun {
  readonly desk: Desk;
  readonly roles: Roles;
  readonly calls: CallDesk;
  readonly maxToolRounds: number;
}

/** Runs one turn through the graph. Throws what a role throws, or the abort's reason. */
export async function runGraph({ desk, roles, calls, maxToolRounds }: GraphRun): Promise<CrewState> {
  const orchestration: Orchestration = { desk, calls, model: roles.model, maxToolRounds };
  const graph = new StateGraph(State)
    .addNode("orchestrator", async (state) => await orchestrate(state, orchestration))
    .addNode("intentAnalyzer", async (state) => await analyzeIntent(state, desk, roles))
    .addNode("toolSelector", async (state) => await selectTools(state, desk, roles))
    .addNode("responseGenerator", async (state) => await generateResponse(state, desk, roles))
    .addEdge(START, "orchestrator")
    .addEdge("intentAnalyzer", "orchestrator")
    .addEdge("toolSelector", "orchestrator")
    .addEdge("responseGenerator", "orchestrator")
    .addConditionalEdges("orchestrator", ({ next }): NextRole => next, {
      intentAnalyzer: "intentAnalyzer",
      toolSelector: "toolSelector",
      responseGenerator: "responseGenerator",
      done: END,
    })
    .compile();
  try {
    const limits = { signal: desk.turn.signal, recursionLimit: RECURSION_LIMIT };
    return await graph.invoke(startState(desk.input.text), limits);
  } catch (thrown) {
    // LangGraph wraps an abort in an error of its own; the turn expects its own reason.
    desk.turn.signal.throwIfAborted();
    throw thrown;
  }
}
