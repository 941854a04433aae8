import tseslint from "typescript-eslint";

/**
 * The arrows of docs/ARCHITECTURE.md as lint rules. Engine rooms from the ground up: a room may import
 * the doors (`index.ts`) of the rooms that stand before it in this list, and nothing else.
 */
const ROOMS = [
  "files",
  "onnx",
  "runtime",
  "checkpoints",
  "networks",
  "models",
  "faces",
  "latents",
  "labels",
  "directions",
  "inversion",
  "imports",
];

const forbid = (files, patterns, paths = []) => ({
  files,
  rules: { "no-restricted-imports": ["error", { patterns, paths }] },
});

const NO_EDITOR = { name: "vscode", message: "Only src/extension imports vscode." };
const DOORS = {
  regex: `/engine/(${ROOMS.join("|")})/(?!index(\\.js)?$).+`,
  message: "Import an engine room by its door (index.ts).",
};

const roomRules = ROOMS.map((room, floor) => {
  const above = ROOMS.slice(floor + 1);
  const others = ROOMS.filter((other) => other !== room);
  const patterns = [
    { regex: "/(extension|webview|cli|protocol)(/|$)", message: "The engine knows none of its users." },
    {
      regex: `\\.\\./(${others.join("|")})/(?!index(\\.js)?$).+`,
      message: "Import another room by its door (index.ts).",
    },
  ];
  if (above.length > 0) {
    patterns.push({
      regex: `\\.\\./(${above.join("|")})(/|$)`,
      message: `The room ${room} may import only rooms below it.`,
    });
  }
  return forbid([`src/engine/${room}/**/*.ts`], patterns, [NO_EDITOR]);
});

export default tseslint.config(
  {
    ignores: [
      "dist/**",
      "demo/**",
      "**/node_modules/**",
      "test/fixtures/**",
      "**/*.mjs",
      "test/e2e/environment/probe-extension/**",
    ],
  },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
    },
  },
  ...roomRules,
  forbid(
    ["src/protocol/**/*.ts"],
    [
      { regex: "/(extension|webview|cli)(/|$)", message: "The protocol knows only the engine's types." },
      DOORS,
    ],
    [NO_EDITOR],
  ),
  forbid(
    ["src/webview/**/*.ts"],
    [{ regex: "/(extension|cli|engine)(/|$)", message: "A webview speaks only the protocol." }],
    [NO_EDITOR],
  ),
  forbid(
    ["src/cli/**/*.ts"],
    [{ regex: "/(extension|webview)(/|$)", message: "The command line uses the engine alone." }, DOORS],
    [NO_EDITOR],
  ),
  forbid(
    ["src/extension/**/*.ts"],
    [
      {
        regex: "(?<!/protocol)/(webview|cli)(/|$)",
        message: "The extension speaks to webviews by the protocol.",
      },
      DOORS,
    ],
  ),
  forbid(["src/extension/process/**/*.ts"], [DOORS], [NO_EDITOR]),
);
