import { defineConfig } from "vitest/config";

/** Tests in a real VS Code: one editor at a time, so that each has the machine for itself. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    // RFM_E2E_SUITE chooses another kind of file: `probe` tests the driver itself, `screens` takes the pictures of the docs.
    include: [`**/*.${process.env.RFM_E2E_SUITE ?? "test"}.ts`],
    globalSetup: ["globalSetup.ts"],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    pool: "forks",
    maxWorkers: 1,
    fileParallelism: false,
  },
});
