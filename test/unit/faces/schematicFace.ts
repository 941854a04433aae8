import type { Point } from "../../../src/engine/faces/quad";

/** A schematic face: 68 points of dlib's numbering, x to the right, y down, z away; the eyes 100 apart. */
export function head(): [number, number, number][] {
  const points = Array.from({ length: 68 }, (): [number, number, number] => [0, 0, 60]);
  const set = (index: number, x: number, y: number, z = 60): void => {
    points[index] = [x, y, z];
  };
  for (let index = 0; index <= 16; index++) {
    const angle = Math.PI * (1 - index / 16);
    set(index, Math.cos(angle) * 110, 20 + Math.sin(angle) * 170, 70);
  }
  for (let index = 17; index < 22; index++) set(index, -90 + (index - 17) * 18, -45);
  for (let index = 22; index < 27; index++) set(index, 18 + (index - 22) * 18, -45);
  for (let index = 27; index < 31; index++) set(index, 0, (index - 27) * 20, 60 - (index - 26) * 12);
  for (let index = 31; index < 36; index++) set(index, (index - 33) * 12, 72, 30);
  const eye = [
    [-24, 0],
    [-8, -8],
    [8, -8],
    [24, 0],
    [8, 8],
    [-8, 8],
  ] as const;
  eye.forEach(([x, y], index) => {
    set(36 + index, x - 50, y);
    set(42 + index, x + 50, y);
  });
  const outer = [-40, -25, -10, 0, 10, 25, 40, 25, 10, 0, -10, -25];
  outer.forEach((x, index) => {
    set(
      48 + index,
      x,
      index < 7
        ? 110 - (20 - Math.abs(x) / 2) * 0.7 * Number(index > 0 && index < 6)
        : 110 + 20 - Math.abs(x) / 2,
    );
  });
  const inner = [-30, -10, 0, 10, 30, 10, 0, -10];
  inner.forEach((x, index) => {
    set(60 + index, x, index > 0 && index < 4 ? 108 : index === 0 || index === 4 ? 110 : 112);
  });
  return points;
}

/** Turns the head to the picture's right by yaw and up by pitch, rolls it clockwise, and looks from far away. */
export function seen(yaw: number, pitch: number, roll: number, scale = 1, points = head()): Point[] {
  const [a, b, c] = [yaw, pitch, roll].map((degrees) => (degrees * Math.PI) / 180) as [
    number,
    number,
    number,
  ];
  return points.map(([x0, y0, z0]): Point => {
    // The face looks along -z: turning right moves what lies nearer (smaller z) to the right.
    const [x1, z1] = [x0 * Math.cos(a) - z0 * Math.sin(a), z0 * Math.cos(a) + x0 * Math.sin(a)];
    const y1 = y0 * Math.cos(b) + z1 * Math.sin(b);
    return [
      300 + scale * (x1 * Math.cos(c) - y1 * Math.sin(c)),
      200 + scale * (y1 * Math.cos(c) + x1 * Math.sin(c)),
    ];
  });
}
