// What the real VS Code of the end-to-end tests is made of. A change here makes a new cache folder.

/** The editor, as an ordinary npm package: VS Code's own server and web client. */
export const CODE_SERVER = "4.139.1";

/** The Node that this code-server was made for; newer than the project's own, hence a package as well. */
export const NODE = "24.21.0";

/** Raised when the steps of setup.mjs change while the versions above stay. */
const REVISION = 1;

/** Name of the finished folder inside the cache. */
export const KEY = `code-server-${CODE_SERVER}_node-${NODE}_${REVISION}`;

/**
 * The packages which VS Code's server, extension host and web client really import. Its list names
 * twice as many: dev containers, agents, a terminal, Kerberos and modules for Windows.
 */
export const EDITOR_PACKAGES = [
  "@microsoft/1ds-core-js",
  "@parcel/watcher",
  "@vscode/fs-copyfile",
  "@vscode/iconv-lite-umd",
  "@vscode/native-watchdog",
  "@vscode/proxy-agent",
  "@vscode/ripgrep-universal",
  "@vscode/spdlog",
  "@vscode/tree-sitter-wasm",
  "cookie",
  "http-proxy-agent",
  "https-proxy-agent",
  "jschardet",
  "minimist",
  "tas-client",
  "vscode-oniguruma",
  "vscode-regexpp",
  "vscode-textmate",
  "ws",
  "yauzl",
  "yazl",
];

/** Native packages without a ready binary: the log (tests read it) and the guard against orphans. */
export const BUILT_PACKAGES = ["@vscode/spdlog", "@vscode/native-watchdog"];

/** Built-in extensions no test meets, which weigh more than the rest of the editor together. */
export const UNWANTED_EXTENSIONS = ["copilot", "mermaid-markdown-features", "microsoft-authentication"];
