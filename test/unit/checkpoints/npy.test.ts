import { describe, expect, it } from "vitest";
import { readNpy, readNpyFile, writeNpy } from "../../../src/engine/checkpoints";

/** An .npy file with any header text. */
function withHeader(text: string, data = new Uint8Array(8)): Uint8Array {
  const head = Buffer.from(text, "latin1");
  return Buffer.concat([
    Buffer.from("\x93NUMPY\x01\x00", "latin1"),
    Buffer.of(head.length & 255, head.length >> 8),
    head,
    data,
  ]);
}

describe("readNpy", () => {
  it.each([
    [
      "a shape larger than the file",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000,), }",
      /claims the shape/,
    ],
    [
      "a shape that overflows",
      `{'descr': '<f4', 'fortran_order': False, 'shape': (${"4294967296, ".repeat(4)}), }`,
      /claims the shape/,
    ],
    ["a negative size", "{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }", /claims the shape/],
    [
      "too much data",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }",
      /holds 4 bytes after the end/,
    ],
    ["a call instead of a literal", "__import__('os').system('true')", /cannot be understood/],
    [
      "an expression for a shape",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1+1,), }",
      /cannot be understood/,
    ],
    [
      "a key too many",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'x': 1}",
      /cannot be understood/,
    ],
    [
      "a key twice",
      "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,)}",
      /cannot be understood/,
    ],
    ["endless nesting", "(".repeat(5000), /cannot be understood/],
    [
      "objects",
      "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }",
      /Python objects, which are never loaded/,
    ],
  ])("refuses %s", async (_, header, sentence) => {
    await expect(readNpy(withHeader(header), "x.npy")).rejects.toThrow(sentence);
  });

  it("reads the long numbers of Python 2", async () => {
    const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2L,), }";
    expect((await readNpy(withHeader(header), "x.npy")).shape).toEqual([2]);
  });

  it("says what a Git LFS pointer is", async () => {
    const pointer = Buffer.from("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n");
    await expect(readNpy(pointer, "d.npy")).rejects.toThrow(
      "d.npy is only a Git LFS pointer, not the file itself; fetch it with `git lfs pull`.",
    );
  });

  it("names a missing file and a folder", async () => {
    await expect(readNpyFile("/nowhere/x.npy")).rejects.toThrow(
      "/nowhere/x.npy cannot be read: it does not exist; check the path.",
    );
    await expect(readNpyFile("/")).rejects.toThrow(/^\/ is not a file/);
  });

  it("does not write an array that does not fill its shape", () => {
    expect(() => writeNpy(new Float32Array(3), [2, 2])).toThrow(/does not fill the shape \(2, ?2\)/);
  });
});
