/** Language models for tests (`parleyjs/testing`). */
export type { ModelRequest } from "./model-request.ts";
export { type ModelToRecord, type RecordedModel, recordedModel } from "./recorded-model.ts";
export type { Pause, ScriptedCall, ScriptedError, ScriptedUsage, ScriptStep } from "./script-step.ts";
export { scriptedModel, type ScriptedModel, type ScriptedModelOptions } from "./scripted-model.ts";
