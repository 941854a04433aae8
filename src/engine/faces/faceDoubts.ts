import type { Face } from "./detect";
import { eyeRegions, type EyeRegion } from "./eyeRegions";
import { centre, faceFrame, faceGeometry } from "./geometry";
import type { Picture } from "./picture";
import { applyAffine, photoToCrop, quadSide, type Point, type Quad } from "./quad";

/** A face and where it was cut out. */
export interface ViewedFace {
  readonly photo: Picture;
  readonly face: Face;
  /** The aligned square in the photo. */
  readonly quad: Quad;
  /** What the square shows, in which the eyes are looked at: at 256 pixels the limits were found. */
  readonly crop: Picture;
}

/** Why the latent of a face may look unlike it, although it can be made. */
export type FaceDoubt =
  /** A part of the face lies outside of the photo. */
  | { readonly kind: "cut" }
  /** The head is turned too far: half of the face is guessed. */
  | { readonly kind: "profile"; readonly yaw: number }
  /** Nothing like an eye is where the landmarks say: sunglasses, hair, a hand, deep shadow. */
  | { readonly kind: "eyes" }
  /** Two looks at the landmarks disagree, or the detector hesitates. */
  | { readonly kind: "unsure" }
  /** The aligned square has fewer pixels in the photo than the model makes. */
  | { readonly kind: "small"; readonly pixels: number; readonly resolution: number };

/**
 * Degrees. On face-api's demo pictures three-quarter views measure up to 42; full profiles are not found at all,
 * because their landmarks do not stay in place.
 */
const LARGE_YAW = 45;
/** Faces of the demo pictures agree by .27 and more, those with covered eyes often by less than .2. */
const LOW_CONFIDENCE = 0.2;
/** Whole upright faces have .7 and more. */
const LOW_SCORE = 0.6;
/** Uncovered eyes have pixels of .49 of the skin's luminance and more, also in half shadow; dark lenses .35 at most. */
const DARK_EYE = 0.4;
/** From the dark to the bright of an uncovered eye it is .16 of the skin's luminance and more; painted bars have 0. */
const FLAT_EYE = 0.1;
/** The forehead reaches so far above the eyes, by the way from mouth to eyes. */
const FOREHEAD = 0.7;

/**
 * What speaks against a good inversion of a face, the worst first. It measures the places of the landmarks and the
 * luminances about the eyes; the limits were found on the group photos of face-api's demo and changed copies of them.
 *
 * @param resolution side of the model's pictures
 */
export function faceDoubts(view: ViewedFace, resolution: number): FaceDoubt[] {
  const { photo, face, quad } = view;
  const { landmarks, confidence, score } = face;
  const { yaw } = faceGeometry(landmarks);
  const pixels = Math.round(quadSide(quad));
  const doubts: FaceDoubt[] = [];
  if (isCut(photo, landmarks)) doubts.push({ kind: "cut" });
  if (Math.abs(yaw) > LARGE_YAW) doubts.push({ kind: "profile", yaw });
  if (hasHiddenEye(view)) doubts.push({ kind: "eyes" });
  // The others say more than this one.
  if (doubts.length === 0 && (confidence < LOW_CONFIDENCE || score < LOW_SCORE)) {
    doubts.push({ kind: "unsure" });
  }
  if (pixels < resolution) doubts.push({ kind: "small", pixels, resolution });
  return doubts;
}

/** A doubt as a sentence that says what is wrong and what to do. */
export function doubtSentence(doubt: FaceDoubt): string {
  switch (doubt.kind) {
    case "cut":
      return "The face is cut by the photo's border, so the model invents the rest; a photo that shows the whole face gives a better latent.";
    case "profile":
      return `The head is turned by about ${Math.abs(doubt.yaw).toFixed(0)} degrees, so the far half of the face is guessed; a photo that looks at the camera gives a better latent.`;
    case "eyes":
      return "No eye can be seen where one should be (sunglasses, hair or shadow?), so the model invents it; a photo with open view on both eyes gives a better latent.";
    case "unsure":
      return "It is uncertain where this face's eyes, nose and mouth lie, so it may be misaligned; compare the crop with the reconstruction.";
    case "small":
      return `The face has ${doubt.pixels} pixels a side in the photo and the model ${doubt.resolution}, so the model invents the details; a larger photo gives a better latent.`;
  }
}

/** Whether a landmark or the forehead lies outside; (0, 0) is the centre of the first pixel. */
function isCut({ width, height }: Picture, landmarks: readonly Point[]): boolean {
  const { eyes, mouth } = faceFrame(landmarks);
  const forehead: Point = [
    eyes[0] - FOREHEAD * (mouth[0] - eyes[0]),
    eyes[1] - FOREHEAD * (mouth[1] - eyes[1]),
  ];
  return [...landmarks, forehead].some((place) => !isInside(place, width, height));
}

function isInside([x, y]: Point, width: number, height: number): boolean {
  return x >= -0.5 && y >= -0.5 && x <= width - 0.5 && y <= height - 0.5;
}

function hasHiddenEye({ photo, face: { landmarks }, quad, crop }: ViewedFace): boolean {
  const toCrop = photoToCrop(quad, crop.width);
  const regions = eyeRegions(
    crop,
    landmarks.map((place) => applyAffine(toCrop, place)),
  );
  // An eye beyond the border is the border's matter.
  const eyes = [centre(landmarks, 36, 42), centre(landmarks, 42, 48)];
  return regions.some((region, index) => {
    const eye = eyes[index];
    return eye !== undefined && isInside(eye, photo.width, photo.height) && isHidden(region);
  });
}

function isHidden({ dark, bright }: EyeRegion): boolean {
  return bright < DARK_EYE || bright - dark < FLAT_EYE;
}
