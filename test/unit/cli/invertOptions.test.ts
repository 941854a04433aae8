import { describe, expect, it } from "vitest";
import { checkMethod, chosenMethod, type MethodTexts } from "../../../src/cli/invertOptions";
import { UsageError } from "../../../src/cli/usage";

describe("the options of rfm invert", () => {
  it("give RFM's method its coefficients", async () => {
    const chosen = chosenMethod({
      method: "rfm",
      iterations: "7",
      optimize: "latent",
      norm: "1.5",
      coefficient: ["mse=2", "latent=0"],
    });
    expect(chosen).toEqual({
      method: "rfm",
      options: { iterations: 7, optimize: "latent", p: 1.5, mse: 2, latent: 0 },
    });
    await checkMethod(chosen);
  });

  it.each<[MethodTexts, string]>([
    [{ method: "slow" }, '--method is "slow"; give one of fast, rfm.'],
    [{ optimize: "latent" }, "--optimize is for RFM's own method"],
    [{ coefficient: ["mse=5"] }, "--coefficient is for RFM's own method"],
    [{ iterations: "-1" }, "--iterations"],
    [{ method: "rfm", optimize: "generator" }, '--optimize is "generator"'],
    [{ method: "rfm", norm: "0.5" }, '--norm is "0.5"; give a number from 1 to 16.'],
    [{ method: "rfm", coefficient: ["mse"] }, "such as mse=5"],
    [{ method: "rfm", coefficient: ["beauty=1"] }, '--coefficient is "beauty"'],
    [{ method: "rfm", coefficient: ["kl=-1"] }, '--coefficient kl is "-1"'],
  ])("are refused: %j", async (texts, said) => {
    const check = async (): Promise<void> => {
      await checkMethod(chosenMethod(texts));
    };
    const failure = await check().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UsageError);
    expect((failure as Error).message).toContain(said);
  });
});
