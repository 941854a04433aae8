import type { Point } from "./quad";

/** The distances that say how large a face is and how it is turned, from its 68 landmarks (dlib's numbering). */
export interface FaceFrame {
  /** Middle between the eyes. */
  readonly eyes: Point;
  /** Middle of the mouth's corners. */
  readonly mouth: Point;
  /** Between the middles of the eyes. */
  readonly eyeDistance: number;
  readonly eyesToMouth: number;
  /** Radians clockwise, from both the eyes' line and the line from eyes to mouth, as in FFHQ's alignment. */
  readonly roll: number;
}

/** @param landmarks 68 points */
export function faceFrame(landmarks: readonly Point[]): FaceFrame {
  const left = centre(landmarks, 36, 42);
  const right = centre(landmarks, 42, 48);
  const eyes: Point = [(left[0] + right[0]) / 2, (left[1] + right[1]) / 2];
  const [first, last] = [at(landmarks, 48), at(landmarks, 54)];
  const mouth: Point = [(first[0] + last[0]) / 2, (first[1] + last[1]) / 2];
  const x = right[0] - left[0] + mouth[1] - eyes[1];
  const y = right[1] - left[1] - (mouth[0] - eyes[0]);
  return {
    eyes,
    mouth,
    eyeDistance: distance(left, right),
    eyesToMouth: distance(eyes, mouth),
    roll: Math.atan2(y, x),
  };
}

/** What the landmarks say of pose and features; lengths are in units of the distance between the eyes. */
export interface FaceGeometry {
  /** Degrees; positive looks to the right of the picture. */
  readonly yaw: number;
  /** Degrees; positive looks up. Its zero is that of an average head, so compare it, do not take it literally. */
  readonly pitch: number;
  /** Degrees clockwise. */
  readonly roll: number;
  /** Height of the gap between the lips. */
  readonly mouthOpen: number;
  /** Height of the eyes by their width, both averaged. */
  readonly eyesOpen: number;
  readonly mouthWidth: number;
  /** How far the mouth's corners lie above its middle. */
  readonly mouthCorners: number;
  /** Brows above eyes. */
  readonly browHeight: number;
  /** Jaw to jaw at the height of the mouth by the length from the eyes to the chin: round faces have more. */
  readonly jawWidth: number;
  readonly noseLength: number;
  readonly noseWidth: number;
  /** Height of both lips without the gap between them. */
  readonly lips: number;
}

/** @param points 68 landmarks in any unit, x to the right and y down */
export function faceGeometry(points: readonly Point[]): FaceGeometry {
  const { eyes, roll } = faceFrame(points);
  const [cosine, sine] = [Math.cos(roll), Math.sin(roll)];
  const upright = points.map(([x, y]): Point => {
    const [dx, dy] = [x - eyes[0], y - eyes[1]];
    return [dx * cosine + dy * sine, dy * cosine - dx * sine];
  });
  const unit = faceFrame(upright).eyeDistance;
  const height = (upper: number, lower: number): number =>
    (at(upright, lower)[1] - at(upright, upper)[1]) / unit;
  const width = (left: number, right: number): number =>
    (at(upright, right)[0] - at(upright, left)[0]) / unit;
  const eyeHeight = (height(37, 41) + height(38, 40) + height(43, 47) + height(44, 46)) / 4;
  const eyeWidth = (width(36, 39) + width(42, 45)) / 2;
  const mouthOpen = (height(61, 67) + height(62, 66) + height(63, 65)) / 3;
  const eyeLine = (centre(upright, 36, 42)[1] + centre(upright, 42, 48)[1]) / 2;
  const corners = (at(upright, 48)[1] + at(upright, 54)[1]) / 2;
  const lipLine = (at(upright, 51)[1] + at(upright, 57)[1]) / 2;
  const { yaw, pitch } = headPose(upright);
  return {
    yaw,
    pitch,
    roll: degrees(roll),
    mouthOpen,
    eyesOpen: eyeHeight / eyeWidth,
    mouthWidth: width(48, 54),
    mouthCorners: (lipLine - corners) / unit,
    browHeight: (eyeLine - centre(upright, 17, 27)[1]) / unit,
    jawWidth: (width(4, 12) * unit) / (at(upright, 8)[1] - eyeLine),
    noseLength: height(27, 33),
    noseWidth: width(31, 35),
    lips: height(51, 57) - height(62, 66),
  };
}

/**
 * Six points of an average head (tip of the nose, chin, outer corners of the eyes, corners of the mouth) in tenths of a
 * millimetre or so: x to the picture's right, y down, z away from the viewer. Only their proportions matter.
 */
const HEAD: readonly (readonly [landmark: number, x: number, y: number, z: number])[] = [
  [30, 0, 0, 0],
  [8, 0, 330, 65],
  [36, -225, -170, 135],
  [45, 225, -170, 135],
  [48, -150, 150, 125],
  [54, 150, 150, 125],
];

/** Least squares of the head's points seen from far away: the two rows of scale * rotation, then its angles. */
function headPose(upright: readonly Point[]): { yaw: number; pitch: number } {
  const count = HEAD.length;
  const origin = [1, 2, 3].map((axis) => HEAD.reduce((sum, row) => sum + (row[axis] ?? 0), 0) / count);
  const middle = HEAD.reduce<Point>(
    ([x, y], [landmark]) => [x + at(upright, landmark)[0] / count, y + at(upright, landmark)[1] / count],
    [0, 0],
  );
  // The head is symmetric, so x is orthogonal to y and z: one division, and a system of two unknowns.
  let [xx, yy, yz, zz] = [0, 0, 0, 0];
  let [ux, uy, uz, vx, vy, vz] = [0, 0, 0, 0, 0, 0];
  for (const [landmark, ...place] of HEAD) {
    const [x, y, z] = place.map((value, axis) => value - (origin[axis] ?? 0)) as [number, number, number];
    const [px, py] = at(upright, landmark);
    const [u, v] = [px - middle[0], py - middle[1]];
    [xx, yy, yz, zz] = [xx + x * x, yy + y * y, yz + y * z, zz + z * z];
    [ux, uy, uz] = [ux + u * x, uy + u * y, uz + u * z];
    [vx, vy, vz] = [vx + v * x, vy + v * y, vz + v * z];
  }
  const determinant = yy * zz - yz * yz;
  const row = (a: number, b: number, c: number): [number, number, number] => [
    a / xx,
    (b * zz - c * yz) / determinant,
    (c * yy - b * yz) / determinant,
  ];
  const [right, down] = [row(ux, uy, uz), row(vx, vy, vz)];
  const angle = ([x, y, z]: [number, number, number]): number => -Math.asin(z / (Math.hypot(x, y, z) || 1));
  return { yaw: degrees(angle(right)), pitch: -degrees(angle(down)) };
}

/** Mean of landmarks [from, to). */
export function centre(points: readonly Point[], from: number, to: number): Point {
  let [x, y] = [0, 0];
  for (const point of points.slice(from, to)) [x, y] = [x + point[0], y + point[1]];
  return [x / (to - from), y / (to - from)];
}

/** Mean distance of corresponding points, in units of the distance between the eyes of the first. */
export function landmarkDifference(a: readonly Point[], b: readonly Point[]): number {
  const sum = a.reduce((total, point, index) => total + distance(point, at(b, index)), 0);
  return sum / a.length / faceFrame(a).eyeDistance;
}

function at(points: readonly Point[], index: number): Point {
  return points[index] ?? [NaN, NaN];
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}

function degrees(radians: number): number {
  return (radians * 180) / Math.PI;
}
