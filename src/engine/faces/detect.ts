import type { Session } from "../runtime";
import { detectIn, distinct, type Candidate } from "./detector";
import { faceFrame } from "./geometry";
import { faceSquare, findLandmarks, type Landmarks } from "./landmarks";
import { boxArea, commonArea, nonMaximumSuppression, type Box } from "./nonMaximumSuppression";
import type { Picture } from "./picture";
import { Pyramid } from "./pyramid";
import type { Point } from "./quad";
import type { Square } from "./square";
import { tilesOf } from "./tiles";

/** A face in a picture. */
export interface Face {
  /** The detector's box in pixels; 0 is the left (upper) side of the first pixel. May leave the picture. */
  readonly box: Box;
  /** How sure the detector is, 0.5 to 1. */
  readonly score: number;
  /** 68 landmarks in dlib's numbering; (0, 0) is the *centre* of the first pixel. */
  readonly landmarks: readonly Point[];
  /** Degrees clockwise. */
  readonly roll: number;
  /** How well two looks at the landmarks agree, from 1 (exactly) to 0 (a tenth of the eyes' distance apart). */
  readonly confidence: number;
}

/** Options of {@link detectFaces}. */
export interface DetectOptions {
  /** Lowest score of a face (default 0.5). */
  readonly minimumScore?: number;
  /** Whether to cut large pictures in tiles for small faces (default true). */
  readonly tiles?: boolean;
  /** Whether to look for rolled faces where no upright one is found (default true). */
  readonly rotated?: boolean;
}

/** The sessions that {@link detectFaces} runs, both at batch 1. */
export interface DetectionNets {
  readonly detector: Session;
  readonly landmarks: Session;
}

/**
 * Lowest score of a candidate in the whole picture. Scores fall with roll, from .96 upright to .41 at 45 degrees, so
 * what lies between this and the lowest score of a face gets a second look, turned upright.
 */
const WORTH_A_LOOK = 0.15;
/** A second look costs a run of the detector; crowds have many. */
const SECOND_LOOKS = 6;
/** A second look shows the face so many times its square: how the detector saw faces in training, roughly. */
const SURROUNDINGS = 2.5;
/**
 * Landmarks of faces move by less than 0.05 of the eyes' distance between two looks, those of what is no face by more
 * than 0.1 (a cat's face, which the detector gives .93: 0.3): the net imagines a new face in each. Full profiles, of
 * which half the landmarks are hidden, are lost here too; they could not be aligned.
 */
const MAXIMUM_DISAGREEMENT = 0.1;
/** The turned passes, in radians: with them no face of 45 degrees is seen at more than 15. */
const TURNS = [Math.PI / 6, -Math.PI / 6];
/** Squares of faces that cover so much of the smaller one are of one face. */
const SAME_PLACE = 0.5;

/**
 * All faces of a picture, the largest first (equal ones from left to right).
 *
 * One pass over the whole finds faces from about 2% of its long side, tiles the smaller ones; passes turned by 30
 * degrees to either side follow where nothing was found. A candidate is a face when the detector is sure enough of it,
 * at first or in a second look at it turned upright, *and* its landmarks stay in place from one look to the next.
 * @throws CancelledError
 */
export async function detectFaces(
  nets: DetectionNets,
  picture: Picture,
  options: DetectOptions = {},
  signal?: AbortSignal,
): Promise<Face[]> {
  const pyramid = new Pyramid(picture);
  const { width, height } = picture;
  const minimumScore = options.minimumScore ?? 0.5;
  const long = Math.max(width, height);
  const whole = { x: long / 2, y: long / 2, side: long, angle: 0 };
  const minimum = { minimumScore: Math.min(WORTH_A_LOOK, minimumScore) };
  const candidates = await detectIn(nets.detector, pyramid, whole, minimum, signal);
  for (const tile of options.tiles === false ? [] : tilesOf(width, height)) {
    candidates.push(...(await detectIn(nets.detector, pyramid, tile, { minimumScore, tile: true }, signal)));
  }
  const faces = await examine(nets, pyramid, distinct(candidates), minimumScore, signal);
  if (faces.length === 0 && options.rotated !== false) {
    const turned: Candidate[] = [];
    for (const angle of TURNS) {
      turned.push(
        ...(await detectIn(nets.detector, pyramid, turnedSquare(picture, angle), { minimumScore }, signal)),
      );
    }
    faces.push(...(await examine(nets, pyramid, distinct(turned), minimumScore, signal)));
  }
  return sorted(nonMaximumSuppression(faces, SAME_PLACE, coverage).map(({ face }) => face));
}

/** A face with the upright square that stands for its place when faces are told apart. */
interface Placed {
  readonly face: Face;
  readonly box: Box;
  readonly score: number;
}

async function examine(
  nets: DetectionNets,
  pyramid: Pyramid,
  candidates: readonly Candidate[],
  minimumScore: number,
  signal?: AbortSignal,
): Promise<Placed[]> {
  const faces: Placed[] = [];
  let looks = 0;
  for (const candidate of candidates) {
    const found = await findLandmarks(nets.landmarks, pyramid, candidate.square, signal);
    if (!(found.disagreement < MAXIMUM_DISAGREEMENT)) continue;
    const square = faceSquare(found.points);
    let { score } = candidate;
    if (score < minimumScore && looks < SECOND_LOOKS) {
      looks++;
      score = await lookAgain(nets.detector, pyramid, square, signal);
    }
    if (score >= minimumScore)
      faces.push({ face: toFace(candidate, found, score), box: upright(square), score });
  }
  return faces;
}

/** The detector's score of the face in a square, seen upright: what it says of the middle of its surroundings. */
async function lookAgain(
  detector: Session,
  pyramid: Pyramid,
  square: Square,
  signal?: AbortSignal,
): Promise<number> {
  const surroundings = { ...square, side: square.side * SURROUNDINGS };
  const found = await detectIn(detector, pyramid, surroundings, { minimumScore: WORTH_A_LOOK }, signal);
  return found
    .filter(({ square: { x, y } }) => Math.hypot(x - square.x, y - square.y) < square.side / 3)
    .reduce((best, { score }) => Math.max(best, score), 0);
}

function toFace({ box }: Candidate, { points, disagreement }: Landmarks, score: number): Face {
  return {
    box,
    score,
    landmarks: points.map(([x, y]): Point => [x - 0.5, y - 0.5]),
    roll: (faceFrame(points).roll * 180) / Math.PI,
    confidence: Math.max(0, 1 - disagreement / MAXIMUM_DISAGREEMENT),
  };
}

/** The square turned by an angle that just covers the picture. */
function turnedSquare({ width, height }: Picture, angle: number): Square {
  const [cosine, sine] = [Math.abs(Math.cos(angle)), Math.abs(Math.sin(angle))];
  const side = Math.max(width * cosine + height * sine, width * sine + height * cosine);
  return { x: width / 2, y: height / 2, side, angle };
}

function upright({ x, y, side }: Square): Box {
  const half = side / 2;
  return { left: x - half, top: y - half, right: x + half, bottom: y + half };
}

/** Common area by the smaller box: a part of a face is the same face. */
function coverage(a: Box, b: Box): number {
  return commonArea(a, b) / Math.min(boxArea(a), boxArea(b));
}

function sorted(faces: readonly Face[]): Face[] {
  const size = ({ landmarks }: Face): number => faceSquare(landmarks).side;
  return [...faces].sort((a, b) => size(b) - size(a) || a.box.left - b.box.left);
}
