/** The crew as a LangGraph graph: every role returns to the orchestrator, which decides what comes next. */
import { Annotation, END, START, StateGraph } from "@langchain/langgraph";
import { asNode } from "./roles/agent-step.ts";
import { startState, type CrewState, type NextRole } from "./roles/contract.ts";
import type { RoleRun } from "./roles/role-run.ts";
import { analyzeIntent } from "./roles/intent-analyzer.ts";
import { orchestrate } from "./roles/orchestrator.ts";
import { generateResponse } from "./roles/response-generator.ts";
import { selectTools } from "./roles/tool-selector.ts";

/** One channel for what changes: LangGraph's work grows with each. */
const State = Annotation.Root({
  /** What the roles of this turn work with; set at the start and never changed. */
  run: Annotation<RoleRun>,
  turn: Annotation<CrewState, Partial<CrewState>>({
    reducer: (before, update) => ({ ...before, ...update }),
    default: () => startState(""),
  }),
});

/** Compiled once: what belongs to one turn travels in its state. */
const graph = new StateGraph(State)
  .addNode("orchestrator", asNode("orchestrator", orchestrate))
  .addNode("intentAnalyzer", asNode("intent-analyzer", analyzeIntent))
  .addNode("toolSelector", asNode("tool-selector", selectTools))
  .addNode("responseGenerator", asNode("response-generator", generateResponse))
  .addEdge(START, "orchestrator")
  .addEdge("intentAnalyzer", "orchestrator")
  .addEdge("toolSelector", "orchestrator")
  .addEdge("responseGenerator", "orchestrator")
  .addConditionalEdges("orchestrator", ({ turn: { next } }): NextRole => next, {
    intentAnalyzer: "intentAnalyzer",
    toolSelector: "toolSelector",
    responseGenerator: "responseGenerator",
    done: END,
  })
  .compile();

/** Far above what the bounds on tool rounds and restarts allow: only a bug reaches it. */
const RECURSION_LIMIT = 100;

/** Runs one turn through the graph. Throws what a role throws, or the abort's reason. */
export async function runGraph(run: RoleRun): Promise<CrewState> {
  const { input, turn } = run.desk;
  try {
    const limits = { signal: turn.signal, recursionLimit: RECURSION_LIMIT };
    return (await graph.invoke({ run, turn: startState(input.text, run.calls.made) }, limits)).turn;
  } catch (thrown) {
    // LangGraph wraps an abort in an error of its own; the turn expects its own reason.
    turn.signal.throwIfAborted();
    throw thrown;
  }
}
