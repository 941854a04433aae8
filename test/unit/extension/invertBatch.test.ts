import { beforeEach, expect, it, vi } from "vitest";
import type { Context } from "../../../src/extension/context";
import { invertAll } from "../../../src/extension/photos/invertBatch";
import type { InversionReportParameters, InvertParameters, InvertResult } from "../../../src/protocol/engine";
import type { Uri } from "vscode";

/** How the person stops the work: what VS Code's cancel button calls. */
let cancel: () => void = () => undefined;

vi.mock("vscode", async () => {
  const { l10n } = await import("../../support/vscodeMock");
  const settings: Record<string, unknown> = { outputFolder: "", "inversion.method": "fast" };
  const progress = { report: () => undefined };
  const token = {
    onCancellationRequested: (listener: () => void) => {
      cancel = listener;
    },
  };
  return {
    l10n,
    ProgressLocation: { Notification: 15 },
    Uri: { file: (fsPath: string) => ({ fsPath }) },
    window: {
      withProgress: (_: object, work: (told: object, heard: object) => Promise<unknown>) =>
        work(progress, token),
    },
    workspace: {
      getConfiguration: () => ({ get: (name: string) => settings[name], inspect: () => undefined }),
    },
  };
});

const photos = ["a", "b", "c"].map((name) => ({ fsPath: `/album/${name}.png` }) as unknown as Uri);
const asked: InvertParameters[] = [];
let reports: { readonly parameters: InversionReportParameters; readonly aborted: boolean }[] = [];
let inverting: (path: string) => void;

const context = {
  engine: {
    invert: (parameters: InvertParameters): Promise<InvertResult> => {
      asked.push(parameters);
      inverting(parameters.path);
      const path = parameters.path.replace(".png", ".latent.json");
      const latent = { path, face: 0, metrics: {}, seconds: 1, notes: [] };
      const latents = parameters.path.includes("a.png") ? [{ ...latent, known: true as const }] : [latent];
      return Promise.resolve({ latents, cancelled: false });
    },
    ask: (_: object, parameters: InversionReportParameters, { signal }: { signal?: AbortSignal }) => {
      reports.push({ parameters, aborted: signal?.aborted === true });
      return Promise.resolve({ table: "inversions.csv", sheet: "inversions.html" });
    },
  },
  packs: { installed: () => Promise.resolve([]), chosen: () => "/demo" },
} as unknown as Context;
const request = { named: ["/album"], photos, overwrite: false };

beforeEach(() => {
  asked.length = 0;
  reports = [];
  inverting = () => undefined;
});

it("leaves alone what was done where many are meant, and counts it", async () => {
  const batch = await invertAll(context, { ...request, isBatch: true });
  expect(asked.map(({ skipDone }) => skipDone)).toEqual([true, true, true]);
  expect(batch.done.map(({ result }) => result.known)).toEqual([1, 0, 0]);
  expect(reports.map(({ parameters }) => parameters.photos.length)).toEqual([3]);
});

it("inverts a single photo again", async () => {
  await invertAll(context, { ...request, photos: photos.slice(0, 1), isBatch: false });
  expect(asked.map(({ skipDone }) => skipDone)).toEqual([false]);
  expect(reports).toEqual([]);
});

it("reports what was done when it is stopped, by a request that is not stopped with it", async () => {
  inverting = (path) => {
    if (path.includes("b.png")) cancel();
  };
  const batch = await invertAll(context, { ...request, isBatch: true });
  expect(batch.left).toEqual(photos.slice(2));
  expect(batch.report).toEqual({ table: "inversions.csv", sheet: "inversions.html" });
  expect(
    reports.map(({ aborted, parameters }) => [aborted, parameters.photos.map(({ path }) => path)]),
  ).toEqual([[false, ["/album/a.png", "/album/b.png"]]]);
});

it("writes no report where it is stopped before anything is done", async () => {
  inverting = () => {
    cancel();
    throw new Error("Cancelled.");
  };
  const batch = await invertAll(context, { ...request, isBatch: true });
  expect(batch.report).toBeUndefined();
  expect(reports).toEqual([]);
});
