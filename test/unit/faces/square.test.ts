import { describe, expect, it } from "vitest";
import { Pyramid } from "../../../src/engine/faces/pyramid";
import { placeInPicture, placeInSquare, sampleSquare } from "../../../src/engine/faces/square";
import { toTensor } from "../../../src/engine/faces/tensor";
import { tilesOf } from "../../../src/engine/faces/tiles";
import { Random } from "../../support/random";

function noise(width: number, height: number) {
  const random = new Random(7);
  return {
    width,
    height,
    data: Uint8Array.from({ length: width * height * 3 }, () => random.integer(0, 256)),
  };
}

describe("squares", () => {
  it("maps places there and back", () => {
    const square = { x: 30, y: 40, side: 10, angle: 0.7 };
    const [u, v] = placeInSquare(square, placeInPicture(square, [0.2, 0.9]));
    expect(u).toBeCloseTo(0.2);
    expect(v).toBeCloseTo(0.9);
    // Turned clockwise by 90 degrees, the square's upper left corner is the picture's upper right.
    const turned = placeInPicture({ x: 0, y: 0, side: 2, angle: Math.PI / 2 }, [0, 0]);
    expect(turned[0]).toBeCloseTo(1);
    expect(turned[1]).toBeCloseTo(-1);
  });

  it("samples a picture's own pixels exactly", () => {
    const picture = noise(8, 8);
    const sampled = sampleSquare(new Pyramid(picture), { x: 4, y: 4, side: 8, angle: 0 }, 8);
    const expected = toTensor(picture);
    expected.forEach((value, index) => {
      expect(sampled[index]).toBeCloseTo(value, 5);
    });
  });

  it("turns a picture by 90 degrees exactly", () => {
    const picture = noise(6, 6);
    const sampled = sampleSquare(new Pyramid(picture), { x: 3, y: 3, side: 6, angle: Math.PI / 2 }, 6);
    const source = toTensor(picture);
    for (let row = 0; row < 6; row++) {
      for (let column = 0; column < 6; column++) {
        expect(sampled[row * 6 + column]).toBeCloseTo(source[column * 6 + (5 - row)] ?? NaN, 4);
      }
    }
  });

  it("is black outside of the picture, and anywhere for a picture of one pixel", () => {
    const white = { width: 1, height: 1, data: Uint8Array.of(255, 255, 255) };
    const sampled = sampleSquare(new Pyramid(white), { x: 1, y: 1, side: 4, angle: 0 }, 4);
    expect(sampled.filter((value) => value === 1).length).toBe(3);
    expect(sampled.filter((value) => value === -1).length).toBe(45);
  });

  it("averages when it shrinks", () => {
    const data = Uint8Array.from({ length: 16 * 16 * 3 }, (_, index) => (Math.floor(index / 3) % 2) * 255);
    const sampled = sampleSquare(
      new Pyramid({ width: 16, height: 16, data }),
      { x: 8, y: 8, side: 16, angle: 0 },
      4,
    );
    for (const value of sampled) expect(value).toBeCloseTo(0, 1);
  });
});

describe("pyramid", () => {
  it("halves to means and stops before nothing is left", () => {
    const data = Uint8Array.from({ length: 27 }, (_, index) => index);
    const pyramid = new Pyramid({ width: 9, height: 1, data });
    expect(pyramid.level(3).picture).toBe(pyramid.picture);
    const square = new Pyramid({ width: 4, height: 4, data: new Uint8Array(48).fill(100) });
    expect(square.level(1)).toMatchObject({ picture: { width: 2, height: 2 }, scale: 0.5 });
    expect(square.level(9)).toMatchObject({ picture: { width: 2, height: 2 }, scale: 0.5 });
    expect([...square.level(1).picture.data]).toEqual(Array.from({ length: 12 }, () => 100));
  });
});

describe("tiles", () => {
  it("leaves small pictures alone", () => {
    expect(tilesOf(1200, 800)).toEqual([]);
  });

  it.each([
    [1920, 1080],
    [4000, 3000],
    [3000, 4000],
    [8660, 5773],
    [20000, 900],
  ])("covers %i x %i with overlapping tiles, not too many", (width, height) => {
    const tiles = tilesOf(width, height);
    expect(tiles.length).toBeGreaterThan(1);
    expect(tiles.length).toBeLessThanOrEqual(16);
    const covers = (x: number, y: number): boolean =>
      tiles.some((tile) => Math.abs(x - tile.x) <= tile.side / 2 && Math.abs(y - tile.y) <= tile.side / 2);
    for (let step = 0; step <= 50; step++) {
      for (let down = 0; down <= 50; down++)
        expect(covers((width * step) / 50, (height * down) / 50)).toBe(true);
    }
    const lefts = [...new Set(tiles.map(({ x }) => x))].sort((a, b) => a - b);
    lefts.slice(1).forEach((x, index) => {
      expect(x - (lefts[index] ?? NaN)).toBeLessThanOrEqual((tiles[0]?.side ?? 0) * 0.88);
    });
  });
});
