import { firstLine, type Library } from "./library";
import { absence } from "./presence";
import { BENCHMARK, CHECK, largestDifference, runProbe, type ProbeResult } from "./probe";
import type { Attempt, ProviderName } from "./types";

/** How far a provider's numbers may lie from the CPU's; the probe's outputs are of size one. */
const TOLERANCE = 1e-3;

/** The check takes a real device about a millisecond; one that needs this long is emulated in software. */
const HOPELESS_MILLISECONDS = 20;

/** An attempt that knows how long the small probe took. */
interface Check extends Attempt {
  readonly milliseconds?: number;
}

/**
 * Tries providers, each once in the life of this process: the answers cannot change, and asking costs a session.
 */
export class Candidates {
  readonly #library: Library;
  readonly #threads: number;
  readonly #checks = new Map<ProviderName, Promise<Check>>();
  readonly #paces = new Map<ProviderName, Promise<Attempt>>();
  #reference: Promise<ProbeResult> | undefined;
  #benchmark: Promise<ProbeResult> | undefined;

  constructor(library: Library, threads: number) {
    this.#library = library;
    this.#threads = threads;
  }

  /** Whether a provider is there and computes what the CPU computes. */
  check(provider: ProviderName): Promise<Check> {
    return remember(this.#checks, provider, () => this.#check(provider));
  }

  /** Whether a provider is there, right and faster than the CPU: the question of `auto`. */
  judge(provider: ProviderName): Promise<Attempt> {
    return remember(this.#paces, provider, async () => {
      const checked = await this.check(provider);
      if (checked.ok && provider !== "cpu") return this.#race(checked);
      return { provider, ok: checked.ok, reason: checked.reason };
    });
  }

  async #check(provider: ProviderName): Promise<Check> {
    if (provider === "cpu") return { provider, ok: true, reason: "The CPU always works." };
    const reason = absence(this.#library, provider);
    if (reason !== undefined) return { provider, ok: false, reason };
    this.#reference ??= this.#run("cpu", CHECK, 0);
    const reference = await this.#reference;
    try {
      // A software device compiles for seconds: this one session also tells how fast it is.
      const { output, milliseconds } = await this.#run(provider, CHECK, 3);
      const difference = largestDifference(output, reference.output);
      const ok = difference <= TOLERANCE;
      const told = `differ from the CPU's by ${difference.toExponential(1)}`;
      return {
        provider,
        ok,
        milliseconds,
        reason: ok
          ? `It works; its numbers ${told}.`
          : `Its numbers ${told} and cannot be used; update the driver.`,
      };
    } catch (error) {
      return { provider, ok: false, reason: `It does not start: ${firstLine(error)}.` };
    }
  }

  /** A device that works but loses to the CPU, such as a software adapter, is no gain. */
  async #race(checked: Check): Promise<Attempt> {
    const { provider, milliseconds = 0 } = checked;
    const slower = (own: number, than: string): Attempt => ({
      provider,
      ok: false,
      reason: `It works but is slower than the CPU (${own.toFixed(1)} ms on the probe against ${than}).`,
    });
    if (milliseconds > HOPELESS_MILLISECONDS) return slower(milliseconds, "less than 1 ms");
    try {
      const own = await this.#run(provider, BENCHMARK, 3);
      this.#benchmark ??= this.#run("cpu", BENCHMARK, 3);
      const cpu = await this.#benchmark;
      if (own.milliseconds >= cpu.milliseconds)
        return slower(own.milliseconds, `${cpu.milliseconds.toFixed(1)} ms`);
      return {
        provider,
        ok: true,
        reason: `${checked.reason} The probe takes it ${own.milliseconds.toFixed(1)} ms, the CPU ${cpu.milliseconds.toFixed(1)} ms.`,
      };
    } catch (error) {
      return { provider, ok: false, reason: `It fails on larger graphs: ${firstLine(error)}.` };
    }
  }

  #run(provider: ProviderName, size: typeof CHECK, repetitions: number): Promise<ProbeResult> {
    return runProbe(this.#library, provider, this.#threads, size, repetitions);
  }
}

function remember<T>(
  known: Map<ProviderName, Promise<T>>,
  provider: ProviderName,
  ask: () => Promise<T>,
): Promise<T> {
  const answer = known.get(provider) ?? ask();
  known.set(provider, answer);
  return answer;
}
