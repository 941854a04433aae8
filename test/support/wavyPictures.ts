import { fileURLToPath } from "node:url";

/** The path of a fixture: `fixturePath("lpips/vgg.pth")`. */
export function fixturePath(name: string): string {
  return fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
}

/** Pictures that fixtures' scripts and tests make alike: number i of picture k is (sin(0.7 i + k) + sin(0.0031 (k + 1) i)) / 2. */
export function wavyPictures(first: number, count: number, size: number): Float32Array {
  return Float32Array.from({ length: count * size }, (_, at) => {
    const [i, k] = [at % size, first + Math.floor(at / size)];
    return (Math.sin(0.7 * i + k) + Math.sin(0.0031 * (k + 1) * i)) / 2;
  });
}
