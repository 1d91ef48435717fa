/** What a call takes and gives, read from the generated types. */
import type { calls, operations } from "./operations.ts";

/** The calls by their `operationId`. */
export type OperationId = Extract<keyof typeof calls, keyof operations>;

type Part<Shape, Name extends string> = Shape extends { readonly [Key in Name]?: infer Value } ? Value : undefined;
type Parameters<Id extends OperationId> = Part<operations[Id], "parameters">;
/** A part may be left out where everything in it may. */
type Named<Name extends string, Value> = [Value] extends [undefined]
  ? { readonly [Key in Name]?: undefined }
  : Partial<Value> extends Value
    ? { readonly [Key in Name]?: Value }
    : { readonly [Key in Name]: Value };
type Request<Id extends OperationId> = Part<operations[Id], "requestBody">;
type Body<Id extends OperationId> = [Request<Id>] extends [undefined]
  ? undefined
  : Request<Id> extends { readonly content: { readonly "application/json": infer Json } }
    ? Json
    : Blob;

/** What is sent: values of the path and the query, and the body. */
export type SentOf<Id extends OperationId> = Named<"path", Part<Parameters<Id>, "path">> &
  Named<"query", Part<Parameters<Id>, "query">> &
  Named<"body", Body<Id>>;

type Success = 200 | 201 | 202;
type Responses<Id extends OperationId> = Part<operations[Id], "responses">;
type Answered<Response> = Response extends { readonly content: { readonly "application/json": infer Json } }
  ? Json
  : null;

/** What comes back when it went well; null where nothing does. */
export type AnswerOf<Id extends OperationId> = [keyof Responses<Id> & Success] extends [never]
  ? null
  : Answered<Responses<Id>[keyof Responses<Id> & Success]>;
