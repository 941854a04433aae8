import { Random } from "./random";

/** What is pasted before faces. */
export const OCCLUDERS = [
  "black bar",
  "green bar",
  "blue bar",
  "white bar",
  "chequered block",
  "microphone",
] as const;
export type Occluder = (typeof OCCLUDERS)[number];

const BARS: Partial<Record<Occluder, readonly number[]>> = {
  "black bar": [-0.92, -0.92, -0.92],
  "green bar": [-0.6, 0.4, -0.5],
  "blue bar": [-0.7, -0.3, 0.6],
  "white bar": [0.9, 0.9, 0.9],
};

/**
 * A face with something before its mouth or a cheek, where exactly is drawn from the seed: bars nearly as wide as the picture
 * and at most 0.2 steep, a block of two greys, a dark ball on a stick.
 *
 * @param x [3,S,S] in [-1,1]
 * @returns the picture, and [S,S] where it is covered
 */
export function paste(
  x: Float32Array,
  size: number,
  occluder: Occluder,
  seed: number,
): { x: Float32Array; covered: boolean[] } {
  const random = new Random(1 + seed * 31 + OCCLUDERS.indexOf(occluder) * 977);
  const draw = (from: number, to: number): number => from + (to - from) * random.uniform();
  const middle = draw(44, 50);
  const half = draw(4.5, 7);
  const slope = draw(-0.2, 0.2);
  const cheek = draw(0, 1) < 0.5 ? 20 : 44;
  const block = draw(8, 11);
  const ball = { x: draw(26, 38), y: draw(46, 52), radius: draw(8, 11) };
  const bar = BARS[occluder];
  const covers = (right: number, down: number): boolean => {
    if (bar !== undefined)
      return Math.abs(right - 32) < 26 && Math.abs(down - middle - slope * (right - 32)) < half;
    if (occluder === "chequered block")
      return Math.abs(right - cheek) < block && Math.abs(down - middle + 3) < block;
    const isStick = down > ball.y && Math.abs(right - ball.x) < 3.5;
    return isStick || Math.hypot(right - ball.x, down - ball.y) < ball.radius;
  };
  const colour = (right: number, down: number, plane: number): number => {
    if (bar !== undefined) return bar[plane] as number;
    if (occluder === "chequered block")
      return (Math.floor(right / 2) + Math.floor(down / 2)) % 2 === 0 ? 0.15 : -0.35;
    const shine = Math.max(0, 1 - ((right - ball.x + 3) ** 2 + (down - ball.y + 3) ** 2) / 40);
    return -0.55 + 0.35 * shine;
  };
  // Measures are those of pictures of 64 pixels.
  const place = (pixel: number): [number, number] => [
    (((pixel % size) + 0.5) * 64) / size,
    ((Math.floor(pixel / size) + 0.5) * 64) / size,
  ];
  const covered = Array.from({ length: size * size }, (_, pixel) => covers(...place(pixel)));
  const pasted = x.map((value, at) => {
    const pixel = at % covered.length;
    if (covered[pixel] !== true) return value;
    return colour(...place(pixel), Math.floor(at / covered.length)) + draw(-0.05, 0.05);
  });
  return { x: pasted, covered };
}
