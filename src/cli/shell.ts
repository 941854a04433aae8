import type { Command } from "commander";
import { CancelledError, RfmError } from "../engine/files";
import { INTERRUPTED } from "./interruption";
import { JsonOutput, type Output, TextOutput } from "./output";
import { UsageError } from "./usage";
import { Workshop } from "./workshop";
import type { ProviderChoice } from "../engine/runtime";

/** What every command accepts. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly provider: ProviderChoice;
  readonly model?: string;
}

/** What a command works with. */
export interface Task {
  readonly output: Output;
  readonly workshop: Workshop;
  /** Aborted by Ctrl+C. */
  readonly signal: AbortSignal;
  /**
   * Tells of a piece of a batch that failed; the command goes on and ends with exit code 1.
   *
   * @param piece its name, where the error's sentence does not say it
   * @returns the sentence
   * @throws what is no foreseen failure of the piece alone, such as an interruption
   */
  readonly failPiece: (error: unknown, piece?: string) => string;
}

export const DONE = 0;
export const FAILED = 1;
export const WRONG_USAGE = 2;

/** Runs commands: gives them what they need, tells what went wrong and knows the exit code. */
export class Shell {
  /** 0 done, 1 failed, 2 wrong usage, 130 interrupted. */
  exitCode = DONE;

  constructor(
    private readonly signal: AbortSignal,
    private readonly out: NodeJS.WritableStream,
    private readonly errors: NodeJS.WritableStream,
  ) {}

  /** Runs the body of a command. Never throws: failures are told and remembered in {@link exitCode}. */
  async run(command: Command, work: (task: Task) => Promise<void>): Promise<void> {
    const options = command.optsWithGlobals<CommonOptions>();
    const output =
      options.json === true ? new JsonOutput(this.out, this.errors) : new TextOutput(this.out, this.errors);
    const workshop = new Workshop(options.provider, options.model);
    const failPiece = (error: unknown, piece?: string): string => {
      // Stopping is not the fault of one piece: it ends the batch.
      if (!(error instanceof RfmError) || error instanceof CancelledError) throw error;
      const message = piece === undefined ? error.message : `${piece}: ${error.message}`;
      output.fail(message);
      this.exitCode = FAILED;
      return message;
    };
    try {
      await work({ output, workshop, signal: this.signal, failPiece });
    } catch (error) {
      this.exitCode = exitCodeOf(error);
      output.fail(sentenceOf(error));
    } finally {
      await workshop.close().catch((error: unknown) => {
        output.warn(sentenceOf(error));
      });
    }
  }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CancelledError) return INTERRUPTED;
  return error instanceof UsageError ? WRONG_USAGE : FAILED;
}

/** Foreseen failures are sentences already; others are defects, told with where they happened. */
export function sentenceOf(error: unknown): string {
  if (error instanceof CancelledError) return "interrupted.";
  if (error instanceof RfmError) return error.message;
  const story = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `an unforeseen failure; please report it:\n${story}`;
}
