/** An engine whose handlers misbehave on demand: what the client must put up with. */
import { RfmError } from "../../../src/engine/files";
import { connectToParent } from "../../../src/extension/process/parent";
import { serve } from "../../../src/extension/process/serve";
import { EngineRequests, type EngineSettings } from "../../../src/protocol/engine";
import { Fixture } from "./fixtureRequests";

const connection = connectToParent();
const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

let settings: EngineSettings | undefined;

serve(connection, EngineRequests.hello, (parameters) => {
  if (parameters.provider === "cuda") throw new RfmError("provider", "There is no cuda here; choose cpu.");
  if (process.env["RFM_FIXTURE_CRASH"] === "hello") process.exit(7);
  settings = parameters;
  return Promise.resolve({
    version: "0",
    provider: "cpu",
    attempts: [],
    threads: 1,
    node: process.version,
    onnxruntime: "0",
  });
});

serve(connection, Fixture.settings, () => Promise.resolve({ settings: settings ?? null }));

serve(connection, Fixture.count, async ({ to }, { signal, report }) => {
  let count = 0;
  while (count < to && !signal.aborted) {
    report({ count: ++count });
    await pause(5);
  }
  return { count, cancelled: signal.aborted };
});

serve(connection, Fixture.block, async ({ milliseconds }, { report }) => {
  report({ begun: true });
  await pause(1);
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
  return { done: true };
});

serve(connection, Fixture.picture, ({ size }) => {
  // A part of a larger buffer: only the part may travel.
  const rgba = new Uint8Array(size + 64).fill(9).subarray(32, 32 + size);
  return Promise.resolve({ rgba, w: Float32Array.of(1.5, -2) });
});

serve(connection, Fixture.measure, ({ rgba }) =>
  Promise.resolve({ type: rgba.constructor.name, length: rgba.length }),
);

serve(connection, Fixture.fail, ({ how }) => {
  if (how === "exit") process.exit(3);
  if (how === "sentence") throw new RfmError("picture", "cat.png shows no face; choose another photo.");
  throw new TypeError("undefined is not a function\n    at secret (/home/someone/file.ts:1:1)");
});

connection.listen();
