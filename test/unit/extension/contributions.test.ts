import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  Command,
  ContextKey,
  FOREIGN_ENDINGS,
  LATENT_ENDING,
  PICTURE_ENDINGS,
  SETTING_DEFAULTS,
  SETTINGS_SECTION,
  STUDIO,
  View,
} from "../../../src/extension/contributions";

const root = join(__dirname, "..", "..", "..");
const text = (...path: string[]): string => readFileSync(join(root, ...path), "utf8");
const json = (...path: string[]): unknown => JSON.parse(text(...path));
const keys = (value: unknown): string[] => Object.keys(value as object).sort();

interface MenuItem {
  readonly command: string;
  readonly when?: string;
}
interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly enablement?: string }[];
    readonly menus: Readonly<Record<string, readonly MenuItem[]>>;
    readonly viewsContainers: { readonly activitybar: readonly { readonly id: string }[] };
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
    readonly customEditors: readonly {
      readonly viewType: string;
      readonly selector: readonly { readonly filenamePattern: string }[];
    }[];
    readonly configuration: {
      readonly properties: Readonly<Record<string, { readonly default: unknown; readonly scope: string }>>;
    };
    readonly walkthroughs: readonly {
      readonly steps: readonly {
        readonly media: { readonly svg: string };
        readonly completionEvents: string[];
      }[];
    }[];
    readonly jsonValidation: readonly { readonly fileMatch: string; readonly url: string }[];
  };
  readonly capabilities: {
    readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] };
  };
}
const manifest = json("package.json") as Manifest;
const { contributes } = manifest;
const allMenuItems = Object.values(contributes.menus).flat();

describe("package.json and contributions.ts", () => {
  it("name the same commands", () => {
    expect(contributes.commands.map(({ command }) => command).sort()).toEqual(Object.values(Command).sort());
    const known: readonly string[] = Object.values(Command);
    for (const { command } of allMenuItems) expect(known).toContain(command);
  });

  it("name the same views and editor", () => {
    expect(contributes.viewsContainers.activitybar.map(({ id }) => id)).toEqual([View.container]);
    expect(contributes.views[View.container]?.map(({ id }) => id)).toEqual([
      View.sliders,
      View.directions,
      View.models,
    ]);
    expect(contributes.customEditors.map(({ viewType }) => viewType)).toEqual([STUDIO]);
    expect(contributes.customEditors[0]?.selector).toEqual([{ filenamePattern: `*${LATENT_ENDING}` }]);
  });

  it("name the same settings with the same defaults", () => {
    const { properties } = contributes.configuration;
    const declared = Object.fromEntries(
      Object.entries(properties).map(([name, value]) => [name, value.default]),
    );
    const typed = Object.fromEntries(
      Object.entries(SETTING_DEFAULTS).map(([name, value]) => [`${SETTINGS_SECTION}.${name}`, value]),
    );
    expect(declared).toEqual(typed);
  });

  it("keep machine settings from untrusted workspaces", () => {
    const machine = Object.entries(contributes.configuration.properties)
      .filter(([, { scope }]) => scope === "machine-overridable")
      .map(([name]) => name);
    expect(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations).toEqual(machine);
  });

  it("use only context keys that the code sets", () => {
    const set: readonly string[] = Object.values(ContextKey);
    const clauses = [
      ...allMenuItems.map(({ when }) => when),
      ...contributes.commands.map(({ enablement }) => enablement),
    ];
    const used = clauses.flatMap((clause) => clause?.match(/\brfm\.studio\.\w+/g) ?? []);
    expect(used.length).toBeGreaterThan(0);
    for (const key of used) expect(set).toContain(key);
  });

  it("offer Invert Face on pictures, on folders of the Explorer, and on nothing else", () => {
    const all = allMenuItems.filter(({ command }) => command === Command.invertFace);
    const onFolders = all.filter(({ when }) => when?.startsWith("explorerResourceIsFolder &&"));
    expect(onFolders).toHaveLength(1);
    const items = all.filter((item) => !onFolders.includes(item));
    expect(items).toHaveLength(2);
    for (const { when = "" } of items) {
      const [, pattern = "", flags] = /resourceExtname =~ \/(.+?)\/(\w*)/.exec(when) ?? [];
      const matches = (ending: string): boolean => new RegExp(pattern, flags).test(ending);
      for (const ending of PICTURE_ENDINGS) {
        expect(matches(`.${ending}`)).toBe(true);
        expect(matches(`.${ending.toUpperCase()}`)).toBe(true);
      }
      for (const other of [".json", ".png.txt", ".heic", "", ".pngx"]) expect(matches(other)).toBe(false);
    }
  });

  it("offer importing on the files of others and on nothing else", () => {
    const [item, ...others] =
      contributes.menus["explorer/context"]?.filter(({ command }) => command === Command.importFiles) ?? [];
    expect(others).toEqual([]);
    const [, pattern = "", flags] = /resourceFilename =~ \/(.+?)\/(\w*)/.exec(item?.when ?? "") ?? [];
    const matches = (name: string): boolean => new RegExp(pattern, flags).test(name);
    for (const ending of FOREIGN_ENDINGS) {
      expect(matches(`a.${ending}`)).toBe(true);
      expect(matches(`A.${ending.toUpperCase()}`)).toBe(true);
    }
    expect(matches("latent_training_data.pkl.gz")).toBe(true);
    for (const other of ["a.json", "a.pth.txt", "pth", "a.ptx", "a.png"]) expect(matches(other)).toBe(false);
  });

  it("point at files that exist", () => {
    for (const { steps } of contributes.walkthroughs) {
      for (const { media } of steps) expect(text(media.svg)).toContain("<svg");
    }
    for (const { url } of contributes.jsonValidation) expect(json(url)).toHaveProperty("type");
  });
});

describe("translations", () => {
  const english = json("package.nls.json");
  const chinese = json("package.nls.zh-cn.json");

  it("of package.json cover exactly the keys that it uses", () => {
    const used = [...text("package.json").matchAll(/"%([^%"]+)%"/g)].map(([, key]) => key);
    expect([...new Set(used)].sort()).toEqual(keys(english));
    expect(keys(chinese)).toEqual(keys(english));
  });

  it("of the code cover exactly the sentences that it says", () => {
    const bundle = json("l10n", "bundle.l10n.json");
    expect(sentences()).toEqual(keys(bundle));
    expect(keys(json("l10n", "bundle.l10n.zh-cn.json"))).toEqual(keys(bundle));
    for (const [key, value] of Object.entries(bundle as Record<string, string>)) expect(value).toBe(key);
  });

  it("keep every placeholder", () => {
    const placeholders = (sentence: string): string[] =>
      (sentence.match(/\{\d+\}|command:[\w.]+/g) ?? []).sort();
    const pairs = [
      [english, chinese],
      [json("l10n", "bundle.l10n.json"), json("l10n", "bundle.l10n.zh-cn.json")],
    ] as [Record<string, string>, Record<string, string>][];
    for (const [from, to] of pairs) {
      for (const [key, value] of Object.entries(from)) {
        expect(placeholders(to[key] ?? ""), key).toEqual(placeholders(value));
      }
    }
  });

  /** Every literal given to `l10n.t` in the extension; a call without a literal would be missed, so it fails. */
  function sentences(): string[] {
    const found = new Set<string>();
    const sources = readdirSync(join(root, "src", "extension"), { recursive: true, encoding: "utf8" });
    for (const name of sources.filter((source) => source.endsWith(".ts"))) {
      const source = text("src", "extension", name);
      const literals = [...source.matchAll(/\bl10n\.t\(\s*("(?:[^"\\\n]|\\.)*")/g)];
      expect(literals, name).toHaveLength(source.match(/\bl10n\.t\(/g)?.length ?? 0);
      for (const [, literal = ""] of literals) found.add(JSON.parse(literal) as string);
    }
    return [...found].sort();
  }
});
