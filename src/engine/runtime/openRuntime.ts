import { RfmError } from "../files";
import type { Graph } from "../onnx";
import { Candidates } from "./candidates";
import { compile } from "./compile";
import { freeLargeArrays } from "./garbage";
import { loadLibrary, type Library } from "./library";
import { usableCores } from "./threads";
import {
  AUTO_ORDER,
  type Attempt,
  type CompileOptions,
  type ProviderChoice,
  type ProviderName,
  type Runtime,
  type RuntimeOptions,
  type Session,
} from "./types";

/**
 * Opens the place where graphs run.
 *
 * A provider that is named is used or refused, never replaced. `auto` tries {@link AUTO_ORDER} one by one and
 * takes the first that works, computes what the CPU computes (checked once on a small graph, to 1e-3) and is
 * faster than it; {@link Runtime.attempts} tells why.
 *
 * @throws RfmError("provider") where the named provider is missing or wrong, with the way out.
 */
export async function openRuntime(choice: ProviderChoice, options: RuntimeOptions = {}): Promise<Runtime> {
  const library = await loadLibrary();
  const threads = options.threads ?? usableCores();
  const attempts = choice === "auto" ? await tryAll(library) : [await requireProvider(library, choice)];
  const provider = attempts.at(-1)?.provider ?? "cpu";
  return new OpenRuntime(library, provider, attempts, threads, options.arena ?? true);
}

let candidates: Candidates | undefined;

function candidatesOf(library: Library): Candidates {
  candidates ??= new Candidates(library, usableCores());
  return candidates;
}

async function tryAll(library: Library): Promise<Attempt[]> {
  const attempts: Attempt[] = [];
  for (const provider of AUTO_ORDER) {
    const attempt = await candidatesOf(library).judge(provider);
    attempts.push(attempt);
    if (attempt.ok) break;
  }
  return attempts;
}

async function requireProvider(library: Library, provider: ProviderName): Promise<Attempt> {
  const { ok, reason } = await candidatesOf(library).check(provider);
  if (ok) return { provider, ok, reason };
  throw new RfmError(
    "provider",
    `The provider ${provider} cannot be used here: ${reason} Or choose the provider auto or cpu.`,
  );
}

class OpenRuntime implements Runtime {
  readonly #library: Library;
  readonly #arena: boolean;
  readonly #sessions = new Set<Session>();

  constructor(
    library: Library,
    readonly provider: ProviderName,
    readonly attempts: readonly Attempt[],
    readonly threads: number,
    arena: boolean,
  ) {
    this.#library = library;
    this.#arena = arena;
  }

  async compile(model: Graph | Uint8Array, options: CompileOptions = {}): Promise<Session> {
    const target = { provider: this.provider, threads: this.threads, arena: this.#arena };
    // What earlier graphs have left makes room for this one.
    freeLargeArrays();
    const session = await compile(this.#library, target, model, options, (released) =>
      this.#sessions.delete(released),
    );
    this.#sessions.add(session);
    return session;
  }

  async dispose(): Promise<void> {
    await Promise.all([...this.#sessions].map((session) => session.release()));
  }
}
