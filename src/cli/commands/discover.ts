import { join } from "node:path";
import { Command } from "commander";
import {
  documentSuffix,
  makeFolder,
  RfmError,
  writeDocument,
  type DirectionDocument,
} from "../../engine/files";
import { runBlock } from "../run";
import type { Shell, Task } from "../shell";
import { choiceOption, integerOption, layersOption, UsageError } from "../usage";
import type { DiscoverChoices, DiscoveryMethod } from "../../engine/directions";

interface DiscoverOptions {
  readonly method?: string;
  readonly layers?: string;
  readonly count?: string;
  readonly samples?: string;
  readonly faces?: string;
  readonly describe: boolean;
  readonly seed?: string;
  readonly out: string;
}

const METHODS: readonly DiscoveryMethod[] = ["sefa", "pca"];

/** `rfm discover`: directions without labels. */
export function discoverCommand(shell: Shell): Command {
  const command = new Command("discover")
    .summary("directions without labels")
    .description(
      "Find directions in the generator's weights (SeFa) or in its codes (PCA, as GANSpace does): NAME.direction.json for each component, and a picture of what they change.",
    )
    .option("--method <sefa|pca>", "where to look (default: sefa)")
    .option("--layers <A:B>", "rows of w+ whose weights SeFa decomposes and that edits touch (default: all)")
    .option("--count <K>", "components, the strongest first (default: 10)")
    .option(
      "--samples <N>",
      "seeds that PCA analyses (default: 20000), or that SeFa's sigma is measured on (default: 2000)",
    )
    .option("--faces <N>", "seeded faces that descriptions are measured on (default: 64)")
    .option("--no-describe", "do not measure what each component changes")
    .option("--seed <S>", "the first seed of samples and faces (default: 0)")
    .requiredOption("--out <folder>", "where to write");
  return command.action(async (options: DiscoverOptions) => {
    await shell.run(command, (task) => discoverAll(task, options));
  });
}

async function discoverAll(task: Task, options: DiscoverOptions): Promise<void> {
  const { output, signal, workshop } = task;
  const choices = understand(options);
  const faces = options.faces === undefined ? undefined : integerOption("--faces", options.faces, 1, 100_000);
  const started = performance.now();
  const { componentDocument, componentPrefix, directionStrips, discover } =
    await import("../../engine/directions");
  const { encodePicture } = await import("../../engine/faces");
  const model = await workshop.model();
  const onProgress = output.progress.bind(output);
  const discovery = await asUsageOf(() => discover(model, choices, { signal, onProgress }));
  const run = runBlock((await workshop.runtime()).provider);
  const found = discovery.components.map((_, index) => componentDocument(model, discovery, index, run));
  const documents = options.describe ? await described(task, found, faces, choices.seed) : found;

  const { seed } = choices;
  const picture = await directionStrips(model, documents, { seed, signal, onProgress });
  await makeFolder(options.out);
  const seconds = (performance.now() - started) / 1000;
  const paths: string[] = [];
  for (const document of documents) {
    const path = join(options.out, document.attribute + documentSuffix("direction"));
    await writeDocument(path, { ...document, run: { ...run, seconds } });
    paths.push(path);
  }
  const strips = join(options.out, `${componentPrefix(discovery, model.layers)}.strips.png`);
  await encodePicture(picture, strips);
  const directions = documents.map((document, index) => summary(document, paths[index] ?? ""));
  const { method, layers, samples } = discovery;
  output.result({ method, layers, samples, directions, strips }, `${table(documents)}\n${strips}`);
}

function understand(options: DiscoverOptions): DiscoverChoices & { seed: number } {
  const { method, layers, count, samples, seed } = options;
  return {
    method: method === undefined ? "sefa" : choiceOption("--method", method, METHODS),
    ...(layers === undefined ? {} : { layers: layersOption(layers) }),
    ...(count === undefined ? {} : { count: integerOption("--count", count, 1) }),
    ...(samples === undefined ? {} : { samples: integerOption("--samples", samples, 2) }),
    seed: seed === undefined ? 0 : integerOption("--seed", seed, 0, MAXIMUM_SEED),
  };
}

/** As the generator of seeds has it, with room for the samples that follow. */
const MAXIMUM_SEED = 2 ** 32;

/** What does not fit the model was called wrongly. */
async function asUsageOf<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RfmError && error.code === "usage")
      throw new UsageError(error.message, { cause: error });
    throw error;
  }
}

async function described(
  { output, signal, workshop }: Task,
  found: readonly DirectionDocument[],
  faces: number | undefined,
  seed: number,
): Promise<DirectionDocument[]> {
  const { openDescriber } = await import("../../engine/directions");
  const describer = await openDescriber(await workshop.model(), await workshop.scorer(), {
    ...(faces === undefined ? {} : { faces }),
    seed,
    signal,
    onProgress: output.progress.bind(output),
  });
  const documents: DirectionDocument[] = [];
  for (const document of found) {
    documents.push(await describer.describe(document, signal));
    output.progress({ phase: "describe", done: documents.length, total: found.length });
  }
  return documents;
}

function summary({ attribute, sigma, discovery }: DirectionDocument, path: string): object {
  const { value, share, description } = discovery ?? {};
  return { path, attribute, value, share, sigma, ...(description === undefined ? {} : { description }) };
}

/** The components for people, a line each. */
function table(documents: readonly DirectionDocument[]): string {
  const cells = documents.map(({ attribute, sigma, discovery }) => [
    attribute,
    (discovery?.value ?? 0).toPrecision(4),
    `${((discovery?.share ?? 0) * 100).toFixed(1)}%`,
    (sigma ?? 0).toPrecision(3),
    discovery?.description ?? "",
  ]);
  const rows = [["name", "value", "share", "sigma", ""], ...cells];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
