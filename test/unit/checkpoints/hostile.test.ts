import { deflateRawSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { memorySource, parseCheckpoint } from "../../../src/engine/checkpoints";
import { readPickle } from "../../../src/engine/checkpoints/pickle";
import { zipOf } from "../../support/zip";

const latin = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "latin1"));
const open = (bytes: Uint8Array): ReturnType<typeof parseCheckpoint> =>
  parseCheckpoint(memorySource(bytes, "x.pt"));
const pickle = (text: string): ReturnType<typeof readPickle> =>
  readPickle(memorySource(latin(text), "x.pkl"));
const uint32 = (value: number): string => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes.toString("latin1");
};

describe("a pickle that wants to run something", () => {
  it.each([
    ["os.system", "cos\nsystem\n(S'x'\ntR."],
    ["posix.system by name on the stack", "\x80\x04\x8c\x05posix\x8c\x06system\x93\x8c\x01x\x85R."],
    ["eval", "c__builtin__\neval\n(S'1'\ntR."],
    ["a chain of getattr", "cbuiltins\ngetattr\n(cbuiltins\ndict\nS'get'\ntR."],
    ["os.popen", "(cos\npopen\nS'x'\no."],
    ["subprocess.Popen as an instance", "(S'x'\nisubprocess\nPopen\n."],
    ["subprocess.Popen as a new object", "\x80\x02csubprocess\nPopen\n)\x81."],
    ["importlib.import_module", "cimportlib\nimport_module\n(S'os'\ntR."],
    ["an attribute of a harmless class", "\x80\x04\x8c\x05torch\x8c\x1bTensor.__init__.__globals__\x93."],
    ["operator.attrgetter", "coperator\nattrgetter\n(S'x'\ntR."],
    ["code", "cmarshal\nloads\n(S'x'\ntR."],
    ["pickle itself", "cpickle\nloads\n(S'x'\ntR."],
  ])("is refused for %s", async (_, text) => {
    await expect(pickle(text)).rejects.toThrow(/^x\.pkl names [\w.]+, which no checkpoint needs/);
  });

  it("is refused inside an archive, whatever tensors lie beside it", async () => {
    const archive = zipOf({ "a/data.pkl": latin("cos\nsystem\n(S'x'\ntR."), "a/data/0": latin("    ") });
    await expect(open(archive)).rejects.toThrow(/names os\.system/);
  });

  it("keeps what it does not know as a record and calls nothing", async () => {
    const { value } = await pickle("cargparse\nNamespace\n(tR}S'size'\nI64\nsb.");
    expect(value).toMatchObject({ callable: { module: "argparse", name: "Namespace" }, args: [] });
  });

  it.each([
    ["extension codes", "\x82\x01."],
    ["out-of-band buffers", "\x80\x05\x97."],
  ])("is refused for %s, which mean something outside the file", async (_, text) => {
    await expect(pickle(text)).rejects.toThrow(/unknown operation/);
  });
});

describe("a broken pickle", () => {
  it.each([
    ["pops an empty stack", "0."],
    ["stops with nothing", "."],
    ["pops past a mark", "N(\x85."],
    ["has no mark", "t."],
    ["recalls what was never put", "h\x05."],
    ["jumps in its memo", `Nr${uint32(4_000_000_000)}.`],
    ["builds what has no state", "I1\nNb."],
    ["appends to a number", "I1\nNa."],
    ["sets a key of a list", "]NNs."],
    ["claims more bytes than it has", `B${uint32(4_000_000_000)}abc.`],
    ["claims more bytes than anything has", `\x8e\xff\xff\xff\xff\xff\xff\xff\xffabc.`],
    ["claims a number of a gigabyte", `\x8b${uint32(1 << 30)}abc.`],
    ["has a later protocol", "\x80\x06N."],
    ["ends in the middle", "]"],
    ["is empty", ""],
  ])("that %s is refused in one sentence", async (_, text) => {
    await expect(pickle(text)).rejects.toThrow(/^x\.pkl [^\n]+; [^\n]+\.$/);
  });

  it("does not grow from references to references", async () => {
    // Each list holds the one before ten times: 10^40 members when written out.
    const laughs = Array.from(
      { length: 40 },
      (_, i) => `](${`h${String.fromCharCode(i)}`.repeat(10)}eq${String.fromCharCode(i + 1)}0`,
    );
    await expect(open(latin(`\x80\x02]q\x000${laughs.join("")}h\x28.`))).rejects.toThrow(
      /beyond any checkpoint/,
    );
  });

  it("may contain itself", async () => {
    const { tensors } = await open(latin("\x80\x02]q\x00h\x00a."));
    expect(tensors.size).toBe(0);
  });

  it("is refused where it nests endlessly", async () => {
    await expect(open(latin(`\x80\x02${"]".repeat(200)}${"a".repeat(199)}.`))).rejects.toThrow(
      /beyond any checkpoint/,
    );
  });

  it("is refused where it is nothing but small objects", async () => {
    await expect(open(latin(`\x80\x02${"]0".repeat(2_100_000)}N.`))).rejects.toThrow(
      /more objects than any checkpoint/,
    );
  });
});

/** A pickle as Python 3 writes an array below protocol 3: its bytes are a text of Latin-1, UTF-8 in the file. */
function arrayAsText(count: number, text: Buffer): Uint8Array {
  const state = `(I1\n(I${count}\ntcnumpy\ndtype\n(S'u1'\nI0\nI1\ntR(I3\nS'|'\nNNNI-1\nI-1\nI0\ntb\x89`;
  const array = `\x80\x02cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntS'b'\ntR${state}`;
  return Buffer.concat([
    latin(`${array}c_codecs\nencode\n(X${uint32(text.length)}`),
    text,
    latin("S'latin1'\ntRtb."),
  ]);
}

describe("a long array that was written as text", () => {
  const COUNT = 3 << 20;
  const characters = Uint8Array.from({ length: COUNT }, (_, i) => (i * 7 + (i >> 9)) & 0xff);
  const text = Buffer.from(Buffer.from(characters).toString("latin1"), "utf8");

  it("is not touched before it is read, and is what was written then", async () => {
    const whole = memorySource(arrayAsText(COUNT, text), "x.pkl");
    let fetched = 0;
    const { tensors } = await parseCheckpoint({
      ...whole,
      read: (offset, length) => {
        fetched += length;
        return whole.read(offset, length);
      },
    });
    const entry = tensors.get("tensor");
    expect(entry?.shape).toEqual([COUNT]);
    expect(fetched).toBeLessThan(text.length / 2);
    const stored = await entry?.read();
    expect(Buffer.compare(Buffer.from((stored?.data ?? []) as Uint8Array), Buffer.from(characters))).toBe(0);
  });

  it.each([
    ["is shorter than its text can be", Math.ceil(text.length / 2) - 1, text],
    ["is longer than its text", text.length + 1, text],
  ])("is refused at once where it %s", async (_, count, bytes) => {
    await expect(open(arrayAsText(count, bytes))).rejects.toThrow(/claims the shape .* but holds/);
  });

  it.each([
    ["has one element less", COUNT - 1, text, /claims 3145727 bytes but holds 3145728/],
    ["has one element more", COUNT + 1, text, /claims 3145729 bytes but holds 3145728/],
    ["is no text", 100_000, Buffer.alloc(100_000, 0xff), /as text that is none/],
    ["has characters beyond Latin-1", 100_000, Buffer.from("Ā".repeat(70_000)), /as text that is none/],
    [
      "ends in half a character",
      70_001,
      Buffer.alloc(70_001, "a").fill(0xc3, 70_000),
      /as text that is none/,
    ],
  ])("is refused when it is read where it %s", async (_, count, bytes, sentence) => {
    const { tensors } = await open(arrayAsText(count, bytes));
    await expect(tensors.get("tensor")?.read()).rejects.toThrow(sentence);
  });
});

/** A torch archive of one tensor of these sizes over a storage of eight bytes. */
function torchArchive({
  size = "(I2\nt",
  stride = "(I1\nt",
  offset = "I0\n",
  count = "I2\n",
  key = "0",
} = {}): Uint8Array {
  const storage = `(S'storage'\nctorch\nFloatStorage\nS'${key}'\nS'cpu'\n${count}tQ`;
  const tensor = `ctorch._utils\n_rebuild_tensor_v2\n(${storage}${offset}${size}${stride}I00\nccollections\nOrderedDict\n(tRtR`;
  return zipOf({ "a/data.pkl": latin(`${tensor}.`), "a/data/0": new Uint8Array(8) });
}

describe("a tensor that is not what it says", () => {
  it("is read where it is right", async () => {
    const { tensors } = await open(torchArchive());
    expect((await tensors.get("tensor")?.read())?.data).toEqual(new Float32Array(2));
  });

  it.each([
    ["larger than its storage", { size: "(I3\nt" }],
    ["behind its storage", { offset: "I1\n" }],
    ["before its storage", { offset: "I-1\n" }],
    ["of negative size", { size: "(I-2\nt" }],
    ["of overflowing size", { size: "(I4294967296\nI4294967296\nI4294967296\nt", stride: "(I0\nI0\nI0\nt" }],
    ["of endless repetition", { size: "(I1000000000\nt", stride: "(I0\nt" }],
    ["of a negative stride", { stride: "(I-1\nt" }],
    ["of a shape that is no shape", { size: "(NNt" }],
    ["with strides for other axes", { stride: "(I1\nI1\nt" }],
    ["in a storage larger than its entry", { count: "I1000000\n" }],
    ["in a storage of negative size", { count: "I-2\n" }],
    ["in a storage that is missing", { key: "7" }],
    ["in a storage outside the archive", { key: "../../../etc/passwd" }],
  ])("is refused: %s", async (_, lie) => {
    await expect(open(torchArchive(lie))).rejects.toThrow(/^x\.pt[^\n]+; [^\n]+\.$/);
  });
});

describe("an archive that is not what it says", () => {
  const array = latin("N.");

  it.each([
    ["leads out of its folder", zipOf({ "../data.pkl": array })],
    ["leads to the root", zipOf({ "/data.pkl": array })],
    ["holds a name twice", zipOf({ "a/data.pkl": array }, { twice: true })],
    [
      "holds two files in the same place",
      zipOf({ "a/data.pkl": array, "a/data/0": array }, { overlapping: true }),
    ],
    ["claims more entries than it has", zipOf({ "a/data.pkl": array }, { count: 60_000 })],
    [
      "claims another size than it unpacks to",
      zipOf({ "a/data.pkl": array }, { deflate: true, size: 1 << 20 }),
    ],
    [
      "unpacks to a thousand times its size",
      zipOf({ "a/data.pkl": new Uint8Array(200 << 20) }, { deflate: true }),
    ],
    ["is encrypted", zipOf({ "a/data.pkl": array }, { flags: 1 })],
    ["is packed in an unknown way", zipOf({ "a/data.pkl": array }, { method: 12 })],
    ["holds no checkpoint", zipOf({ "readme.txt": array })],
    ["is cut off", zipOf({ "a/data.pkl": array }).subarray(0, 40)],
  ])("is refused where it %s", async (_, bytes) => {
    await expect(open(bytes)).rejects.toThrow(/^x\.pt[^\n]+; [^\n]+\.$/);
  });
});

describe("other files that are no checkpoint", () => {
  it.each([
    ["a gzip bomb", gzipSync(new Uint8Array(100 << 20)), /unpacks to more/],
    ["broken gzip", gzipSync(latin("N.")).subarray(0, 12), /broken gzip/],
    ["raw deflate", deflateRawSync(latin("text")), /no checkpoint or array/],
    [
      "a Git LFS pointer",
      latin("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n"),
      /Git LFS pointer/,
    ],
    ["a web page", latin("<!DOCTYPE html><html></html>"), /web page/],
    ["a text", latin("import os\nos.system('x')\n"), /no checkpoint or array/],
    ["nothing", new Uint8Array(0), /is empty/],
    ["zeros", new Uint8Array(4096), /no checkpoint or array/],
  ])("%s is refused", async (_, bytes, sentence) => {
    await expect(open(new Uint8Array(bytes))).rejects.toThrow(sentence);
  });
});
