import { Command, Option } from "commander";
import { alignCommand } from "./commands/align";
import { applyCommand } from "./commands/apply";
import { classifyCommand } from "./commands/classify";
import { convertCommand } from "./commands/convert";
import { discoverCommand } from "./commands/discover";
import { combineCommand } from "./commands/combine";
import { conditionCommand } from "./commands/condition";
import { doctorCommand } from "./commands/doctor";
import { editCommand } from "./commands/edit";
import { encodeCommand } from "./commands/encode";
import { encoderCommand } from "./commands/encoderFit";
import { fitCommand } from "./commands/fit";
import { importCommand } from "./commands/import";
import { inspectCommand } from "./commands/inspect";
import { invertCommand } from "./commands/invert";
import { labelCommand } from "./commands/label";
import { mapCommand } from "./commands/map";
import { metricsCommand } from "./commands/metrics";
import { morphCommand } from "./commands/morph";
import { orthogonaliseCommand } from "./commands/orthogonalise";
import { seedsCommand } from "./commands/seeds";
import { synthesizeCommand } from "./commands/synthesize";
import type { Shell } from "./shell";
import { VERSION } from "./version";

const PROVIDERS = ["auto", "cpu", "webgpu", "cuda", "dml", "coreml"];

/** The command line as a table of contents. */
export function buildProgram(shell: Shell): Command {
  const program = new Command("rfm")
    .description("Real face morphing: edit faces in a generator's latent space.")
    .version(VERSION)
    .option("--json", "print one JSON object per line: progress, then the result")
    .addOption(new Option("--provider <name>", "where networks run").choices(PROVIDERS).default("auto"))
    .option("--model <folder>", "the model pack (default: the embedded one)");
  const commands = [
    doctorCommand,
    seedsCommand,
    mapCommand,
    synthesizeCommand,
    encodeCommand,
    encoderCommand,
    classifyCommand,
    alignCommand,
    invertCommand,
    labelCommand,
    fitCommand,
    discoverCommand,
    conditionCommand,
    combineCommand,
    orthogonaliseCommand,
    editCommand,
    applyCommand,
    morphCommand,
    metricsCommand,
    importCommand,
    inspectCommand,
    convertCommand,
  ];
  for (const make of commands) {
    program.addCommand(make(shell).configureHelp({ showGlobalOptions: true }));
  }
  return program;
}
