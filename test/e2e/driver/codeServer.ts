import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import type { Environment } from "../environment/setup.mjs";
import { until } from "./until.js";

/** Where one code-server keeps its things: a folder of its own, so that nothing reaches the user's. */
export interface ServerFolders {
  /** Stands in for the home folder. */
  readonly home: string;
  /** `--user-data-dir`: settings, state, logs. */
  readonly userData: string;
  /** `--extensions-dir`. */
  readonly extensions: string;
}

/** The folders of a server, inside one folder that exists. */
export function serverFolders(root: string): ServerFolders {
  return { home: join(root, "home"), userData: join(root, "data"), extensions: join(root, "extensions") };
}

/** Installs a packaged extension, as a user would; an unpacked folder would not be activated. */
export async function installExtension(
  environment: Environment,
  folders: ServerFolders,
  vsix: string,
): Promise<void> {
  const server = run(environment, folders, ["--install-extension", vsix]);
  const code = await new Promise<number | null>((resolve, reject) => {
    server.process.once("error", reject).once("close", resolve);
  });
  if (code !== 0) throw new Error(`code-server could not install ${vsix}:\n${server.output()}`);
}

/** A running VS Code server. Its process leads a group, which also holds extension hosts and their children. */
export class CodeServer {
  /** Starts a server on a port of the system's choice and waits until it answers. */
  static async start(environment: Environment, folders: ServerFolders): Promise<CodeServer> {
    const { process: child, output } = run(environment, folders, [
      "--bind-addr",
      "127.0.0.1:0",
      "--auth",
      "none",
      "--disable-telemetry",
      "--disable-update-check",
    ]);
    const origin = await until("code-server to listen", () => {
      if (child.exitCode !== null) throw new Error(`code-server ended at once:\n${output()}`);
      return /listening on (http:\/\/127\.0\.0\.1:\d+)/.exec(output())?.[1];
    });
    return new CodeServer(child, origin, output);
  }

  private constructor(
    private readonly child: ChildProcess,
    /** `http://127.0.0.1:PORT` */
    readonly origin: string,
    /** What the server has printed so far. */
    readonly output: () => string,
  ) {}

  /** Ends the server and everything it started, and waits until all are gone. */
  async stop(): Promise<void> {
    const group = this.child.pid;
    if (group === undefined) return;
    signal(group, "SIGTERM");
    try {
      await until("code-server's processes to end", () => !signal(group, 0), 5_000);
    } catch {
      signal(group, "SIGKILL");
      await until("code-server's killed processes to go", () => !signal(group, 0));
    }
  }
}

/** Starts code-server with its own folders; `output` gathers both streams. */
function run(
  environment: Environment,
  folders: ServerFolders,
  args: readonly string[],
): { process: ChildProcess; output: () => string } {
  const child = spawn(
    environment.node,
    [
      environment.codeServer,
      "--config",
      join(folders.userData, "code-server.yaml"),
      "--user-data-dir",
      folders.userData,
      "--extensions-dir",
      folders.extensions,
      ...args,
    ],
    { detached: true, stdio: ["ignore", "pipe", "pipe"], cwd: folders.home, env: ownEnvironment(folders) },
  );
  let output = "";
  const gather = (chunk: Buffer): void => {
    output += chunk.toString();
  };
  child.stdout.on("data", gather);
  child.stderr.on("data", gather);
  return { process: child, output: () => output };
}

/** The surrounding variables without those of another VS Code, of XDG folders and of the test runner. */
function ownEnvironment(folders: ServerFolders): NodeJS.ProcessEnv {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(VSCODE_|XDG_|VITEST|NODE_|npm_)/.test(name)),
  );
  // Without a gallery the editor asks no marketplace, which a test machine may not reach.
  return { ...env, HOME: folders.home, EXTENSIONS_GALLERY: '{"serviceUrl":""}' };
}

/** Sends a signal to a process group; false where nobody is left in it. Signal 0 only asks. */
function signal(group: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-group, name);
    return true;
  } catch {
    return false;
  }
}
