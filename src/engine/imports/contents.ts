import type { OpenedCheckpoint } from "../checkpoints";
import { RfmError } from "../files";
import {
  recogniseClassifier,
  recogniseEncoder,
  recogniseGenerator,
  recogniseLpips,
  type ClassifierSource,
  type EncoderSource,
  type GeneratorSource,
  type LpipsSource,
} from "../networks";

/** The networks in files that belong together; nothing large has been read. */
export interface Networks {
  readonly generator?: GeneratorSource;
  readonly encoder?: EncoderSource;
  readonly classifiers: readonly ClassifierSource[];
  readonly lpips?: LpipsSource;
}

/**
 * What networks files hold, by their tensors' names and shapes.
 *
 * @throws RfmError("model") where one is recognised but cannot be built, with the reason.
 */
export function networksIn(files: readonly OpenedCheckpoint[]): Networks {
  const classifiers = files.map((file) => recogniseClassifier(file)).filter((found) => found !== undefined);
  const generator = recogniseGenerator(files);
  const encoder = recogniseEncoder(files);
  const lpips = recogniseLpips(files);
  return {
    ...(generator && { generator }),
    ...(encoder && { encoder }),
    classifiers,
    ...(lpips && { lpips }),
  };
}

/** The one array of a file that is a latent, a direction, labels or codes. @throws RfmError("checkpoint") */
export function onlyTensor(
  file: OpenedCheckpoint,
): NonNullable<ReturnType<OpenedCheckpoint["tensors"]["get"]>> {
  const [first, ...rest] = file.tensors.values();
  if (first !== undefined && rest.length === 0) return first;
  const what = first === undefined ? "holds no array" : `holds ${rest.length + 1} arrays`;
  throw new RfmError(
    "checkpoint",
    `${file.name} ${what} and no network that is known here; look into it by \`rfm inspect\` and take one array out by \`rfm convert --tensor NAME\`.`,
  );
}
