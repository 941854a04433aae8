/** The finished editor and its browser: absolute paths. */
export interface Environment {
  /** The finished cache folder. */
  folder: string;
  /** The Node that runs code-server. */
  node: string;
  /** code-server's entry point. */
  codeServer: string;
  /** The browser. */
  chromium: string;
}

/** Makes sure that the editor stands in the cache, building it if it does not. */
export function ensureEnvironment(report?: (line: string) => void): Promise<Environment>;
