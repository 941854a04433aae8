import type { Session } from "../runtime";
import { FACE_SIZE } from "../networks";
import type { Alignment } from "./align";
import { faceFrame, landmarkDifference } from "./geometry";
import type { Pyramid } from "./pyramid";
import type { Point } from "./quad";
import { placeInPicture, sampleSquare, type Square } from "./square";

/**
 * How faces are framed for the face nets. On the group photos of face-api's demo the landmarks of this square moved
 * least when it was shifted, shrunk or enlarged a little (.031 of the eyes' distance; 0.086 for the detector's own
 * boxes), and it is the square in which dlib's recogniser was trained, to a hundredth.
 */
export const FACE_NET_ALIGNMENT: Alignment = { scale: 0.7, centre: 0.47 };

/** The last pass sees the face this much smaller: landmarks of a face stay where they are, others jump. */
const SECOND_LOOK = 1.12;

/** Landmarks in places of the picture, measured from its corner, and how far two passes disagree. */
export interface Landmarks {
  readonly points: readonly Point[];
  /** Mean distance of the last two passes' landmarks, in units of the distance between the eyes. */
  readonly disagreement: number;
}

/** The square in which a face with these landmarks stands upright for the face nets. */
export function faceSquare(points: readonly Point[]): Square {
  const { eyes, mouth, eyeDistance, eyesToMouth, roll } = faceFrame(points);
  const { scale, centre } = FACE_NET_ALIGNMENT;
  return {
    x: eyes[0] + (mouth[0] - eyes[0]) * centre,
    y: eyes[1] + (mouth[1] - eyes[1]) * centre,
    side: Math.max(2 * eyeDistance, 1.8 * eyesToMouth) * 2 * scale,
    angle: roll,
  };
}

/**
 * 68 landmarks of the face in a square: a first pass finds how it is turned, a second one sees it upright and well
 * framed, and a third one, framed by the second and a little wider, refines and checks it.
 * @param session the landmark net at batch 1
 */
export async function findLandmarks(
  session: Session,
  pyramid: Pyramid,
  square: Square,
  signal?: AbortSignal,
): Promise<Landmarks> {
  const first = await look(session, pyramid, square, signal);
  const second = await look(session, pyramid, faceSquare(first), signal);
  const framed = faceSquare(second);
  const third = await look(session, pyramid, framed, signal);
  const wider = faceSquare(third);
  const fourth = await look(session, pyramid, { ...wider, side: wider.side * SECOND_LOOK }, signal);
  const points = third.map(([x, y], index): Point => {
    const [otherX, otherY] = fourth[index] ?? [x, y];
    return [(x + otherX) / 2, (y + otherY) / 2];
  });
  return { points, disagreement: landmarkDifference(third, fourth) };
}

async function look(
  session: Session,
  pyramid: Pyramid,
  square: Square,
  signal?: AbortSignal,
): Promise<Point[]> {
  const { landmarks = new Float32Array() } = await session.run(
    { x: sampleSquare(pyramid, square, FACE_SIZE) },
    signal,
  );
  return Array.from({ length: 68 }, (_, index) =>
    placeInPicture(square, [landmarks[index * 2] ?? NaN, landmarks[index * 2 + 1] ?? NaN]),
  );
}
