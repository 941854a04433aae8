import { identityDistance, toTensor, type FaceNets, type Framing, type Picture } from "../../faces";
import { RfmError } from "../../files";
import type { PackAlignment, Perceptual } from "../../models";
import { perceptualDistance } from "./perceptual";
import { meanSquaredDifference, psnr } from "./psnr";
import { ssim } from "./ssim";

/** How alike two pictures are. */
export interface PictureMetrics {
  /** Mean squared difference of values in [-1,1]. */
  readonly mse: number;
  /** dB; Infinity for equal pictures. */
  readonly psnr: number;
  /** Missing where pictures are smaller than its window, 11 pixels. */
  readonly ssim?: number;
  /** Euclidean distance of the recognition net's embeddings; missing where a picture shows no face. */
  readonly identity?: number;
  /** Missing without a perceptual pack. */
  readonly lpips?: number;
  /** Sentences: what is missing, and why. */
  readonly notes: readonly string[];
}

/** What pictures are compared with. */
export interface CompareTools {
  readonly faceNets: FaceNets;
  readonly perceptual?: Perceptual | undefined;
  /** How both pictures are framed where they are crops of a model; photos are searched for their largest face instead. */
  readonly alignment?: PackAlignment | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Compares two pictures of one size. @throws RfmError("usage") where their sizes differ. */
export async function comparePictures(a: Picture, b: Picture, tools: CompareTools): Promise<PictureMetrics> {
  const { width, height } = a;
  if (b.width !== width || b.height !== height) {
    throw new RfmError(
      "usage",
      `The pictures have ${width}x${height} and ${b.width}x${b.height} pixels; compare pictures of one size.`,
    );
  }
  const [x, y] = [toTensor(a), toTensor(b)];
  const notes: string[] = [];
  const structure = ssim(x, y, width, height);
  if (Number.isNaN(structure))
    notes.push("The pictures are too small for SSIM, whose windows have 11 pixels.");
  const identity = await identityOf(a, b, tools, notes);
  const { perceptual, signal } = tools;
  const lpips = perceptual && (await perceptualDistance(perceptual, x, y, [height, width], signal));
  if (perceptual !== undefined && lpips === undefined)
    notes.push("The pictures are too small for LPIPS, which takes 16 pixels at least.");
  return {
    mse: meanSquaredDifference(x, y),
    psnr: psnr(x, y),
    ...(Number.isNaN(structure) ? {} : { ssim: structure }),
    ...(identity === undefined ? {} : { identity }),
    ...(lpips === undefined ? {} : { lpips }),
    notes,
  };
}

async function identityOf(
  a: Picture,
  b: Picture,
  { faceNets, alignment, signal }: CompareTools,
  notes: string[],
): Promise<number | undefined> {
  const framings = [await framingOf(a), await framingOf(b)];
  const [first, second] = framings;
  if (first === undefined || second === undefined) {
    const which =
      first === second ? "Neither picture shows" : `The ${first ? "second" : "first"} picture does not show`;
    notes.push(`${which} a face that could be found, so there is no identity distance.`);
    return undefined;
  }
  const embedded = [await faceNets.embed(a, first, signal), await faceNets.embed(b, second, signal)] as const;
  return identityDistance(...embedded);

  async function framingOf(picture: Picture): Promise<Framing | undefined> {
    if (alignment !== undefined) return alignment;
    const [largest] = await faceNets.detect(picture, {}, signal);
    return largest?.landmarks;
  }
}
