#!/usr/bin/env node
import { CommanderError, type Command } from "commander";
import { interruptionSignal } from "./interruption";
import { buildProgram } from "./program";
import { DONE, Shell, WRONG_USAGE } from "./shell";

/** Errors of commander in this program's manner, and as exceptions instead of exits. */
function adopt(command: Command): void {
  command.exitOverride().configureOutput({
    outputError: (text, write) => {
      write(text.replace(/^error: /, "rfm: "));
    },
  });
  for (const inner of command.commands) adopt(inner);
}

async function main(): Promise<void> {
  // A reader that went away (`rfm ... | head`) is no failure.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(DONE);
    throw error;
  });
  const shell = new Shell(interruptionSignal(), process.stdout, process.stderr);
  const program = buildProgram(shell);
  adopt(program);
  try {
    await program.parseAsync();
    process.exitCode = shell.exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help and the version end with 0 as well.
    process.exitCode = error.exitCode === DONE ? DONE : WRONG_USAGE;
  }
}

void main();
