/** One kind of request: its method name, and the types of its parameters, answer and progress. */
export interface EngineRequest<Parameters extends object, Result, Progress = never> {
  readonly method: string;
  /** Types only; never there. */
  readonly types?: { readonly parameters: Parameters; readonly result: Result; readonly progress: Progress };
}

/** Names a kind of request. */
export function request<Parameters extends object, Result, Progress = never>(
  method: string,
): EngineRequest<Parameters, Result, Progress> {
  return { method };
}
