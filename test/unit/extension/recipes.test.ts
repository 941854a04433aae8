import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Uri } from "vscode";
import type { Edit } from "../../../src/engine/files";
import { applyRecipe } from "../../../src/extension/commands/applyRecipe";
import { saveRecipe } from "../../../src/extension/commands/saveRecipe";
import type { Context } from "../../../src/extension/context";
import type { Content } from "../../../src/extension/studio/content";
import { FaceEditing } from "../../../src/extension/studio/editing";
import { EventEmitter } from "../../support/vscodeMock";

/** What the person answers, what was asked, and what opening a Studio does. */
interface Person {
  saveAt?: string | undefined;
  pick?: string | undefined;
  file?: string | undefined;
  workspace: string[];
  proposed: string;
  messages: string[];
  openWith: (path: string) => void;
}

const person = vi.hoisted((): Person => ({
  workspace: [],
  proposed: "",
  messages: [],
  openWith: () => undefined,
}));

vi.mock("vscode", async () => {
  const mock = await import("../../support/vscodeMock");
  const file = (path: string) => ({ path, fsPath: path, toString: () => `file://${path}` });
  return {
    ...mock,
    QuickPickItemKind: { Separator: -1 },
    Uri: {
      file,
      joinPath: ({ path }: { path: string }, ...more: string[]) =>
        file([path.slice(0, path.lastIndexOf("/")), ...more.slice(1)].join("/")),
    },
    commands: {
      executeCommand: (_: string, uri: { path: string }) => {
        person.openWith(uri.path);
        return Promise.resolve();
      },
    },
    window: {
      showSaveDialog: ({ defaultUri }: { defaultUri: { path: string } }) => {
        person.proposed = defaultUri.path;
        return Promise.resolve(person.saveAt === undefined ? undefined : file(person.saveAt));
      },
      showOpenDialog: () => Promise.resolve(person.file === undefined ? undefined : [file(person.file)]),
      showQuickPick: (items: readonly { label: string }[]) =>
        Promise.resolve(items.find(({ label }) => label === person.pick)),
      showInformationMessage: (message: string) => {
        person.messages.push(message);
        return Promise.resolve(undefined);
      },
    },
    workspace: {
      findFiles: () => Promise.resolve(person.workspace.map(file)),
      asRelativePath: ({ path }: { path: string }) => path.slice(1),
    },
  };
});

const edit = (sha256: string, amount: number): Edit => ({
  direction: { name: sha256, path: `${sha256}.direction.json`, sha256, space: "w", vector: [1] },
  amount,
  layers: [0, 4],
  clip: 0,
  muted: false,
});
const uri = (path: string): Uri =>
  ({ path, fsPath: path, toString: () => `file://${path}` }) as unknown as Uri;
const OPENED = { session: 7 };
const OPEN = { phase: "open", opened: OPENED } as unknown as Content;
const FAILED = { phase: "failed", message: "broken", engineGone: false } as const;
const BEFORE = [edit("own", 1)];
const RECIPE = [edit("smile", 2), edit("age", -1)];

/** A document in a Studio, as commands see it. */
class Face {
  content: Content;
  readonly uri: Uri;
  readonly name: string;
  readonly editing = new FaceEditing(() =>
    this.content.phase === "open" ? { directions: [], layers: 10 } : undefined,
  );
  readonly steps: { readonly label: string; readonly undo: () => void; readonly redo: () => void }[] = [];
  readonly changed = new EventEmitter<undefined>();
  readonly closed = new EventEmitter<undefined>();
  readonly onDidChange = this.changed.event;

  constructor(path: string, content: Content) {
    this.uri = uri(path);
    this.name = path.slice(path.lastIndexOf("/") + 1);
    this.content = content;
    this.editing.revert({ edits: BEFORE });
    this.editing.onDidEdit((step) => this.steps.push(step));
  }

  show(content: Content): void {
    this.content = content;
    this.changed.fire(undefined);
  }
}

let faces: Face[];
let asked: string[];
let saved: { readonly edits: readonly Edit[]; readonly path: string }[];
const studioOf = (face: Face | undefined): object | undefined =>
  face && { document: face, panel: { onDidDispose: face.closed.event } };
const named = (file: Uri | undefined): Face | undefined =>
  faces.find((face) => face.uri.toString() === file?.toString());
const context = {
  studios: {
    get active() {
      return studioOf(faces[0]);
    },
    of: (file: Uri) => studioOf(named(file)),
    find: (file: Uri | undefined) => studioOf(named(file) ?? faces[0]),
  },
  engine: {
    readRecipe: (opened: object, path: string): Promise<readonly Edit[]> => {
      expect(opened).toBe(OPENED);
      asked.push(path);
      return path.includes("foreign") ? Promise.reject(new Error("another model")) : Promise.resolve(RECIPE);
    },
    saveRecipe: (opened: object, edits: readonly Edit[], path: string): Promise<void> => {
      expect(opened).toBe(OPENED);
      saved.push({ edits, path });
      return Promise.resolve();
    },
  },
} as unknown as Context;

beforeEach(() => {
  faces = [new Face("/album/a.latent.json", OPEN)];
  [asked, saved, person.messages, person.workspace] = [[], [], [], []];
  [person.saveAt, person.pick, person.file] = [undefined, undefined, undefined];
  person.openWith = () => {
    throw new Error("nothing is to be opened");
  };
});

describe("Save Edits as Recipe", () => {
  it("writes what the Studio shows, under the ending of recipes", async () => {
    person.saveAt = "/album/older.json";
    await saveRecipe(context);
    expect(person.proposed).toBe("/album/a.recipe.json");
    expect(saved).toEqual([{ edits: BEFORE, path: "/album/older.recipe.json" }]);
    expect(person.messages).toEqual(["older.recipe.json is saved."]);
  });

  it("writes nothing where the person changes their mind, or the face is not there", async () => {
    await saveRecipe(context);
    person.saveAt = "/album/older.recipe.json";
    faces[0]?.show(FAILED);
    await saveRecipe(context);
    expect(saved).toEqual([]);
  });
});

describe("Apply Recipe", () => {
  it("puts a recipe's edits in the place of the active Studio's, as one step of undo", async () => {
    person.workspace = ["/r/young.recipe.json", "/r/older.recipe.json"];
    person.pick = "older";
    await applyRecipe(context);
    const [face] = faces;
    expect(asked).toEqual(["/r/older.recipe.json"]);
    expect(face?.editing.edits).toEqual(RECIPE);
    expect(face?.editing.dirty).toBe(true);
    expect(face?.steps.map(({ label }) => label)).toEqual(["Apply recipe older"]);
    face?.steps[0]?.undo();
    expect(face?.editing.edits).toEqual(BEFORE);
    expect(face?.editing.dirty).toBe(false);
    face?.steps[0]?.redo();
    expect(face?.editing.edits).toEqual(RECIPE);
  });

  it("takes the recipe that it is given, or a file from elsewhere", async () => {
    await applyRecipe(context, uri("/r/given.recipe.json"));
    person.file = "/far/away.recipe.json";
    await applyRecipe(context);
    person.workspace = ["/r/young.recipe.json"];
    person.pick = "$(folder-opened) Choose a File...";
    await applyRecipe(context);
    expect(asked).toEqual(["/r/given.recipe.json", "/far/away.recipe.json", "/far/away.recipe.json"]);
  });

  it("opens a latent that is in no Studio, and waits for it", async () => {
    const other = new Face("/album/b.latent.json", { phase: "opening" });
    person.openWith = (path) => {
      expect(path).toBe("/album/b.latent.json");
      faces.push(other);
      setImmediate(() => {
        other.show(OPEN);
      });
    };
    person.file = "/r/older.recipe.json";
    await applyRecipe(context, other.uri);
    expect(other.editing.edits).toEqual(RECIPE);
    expect(faces[0]?.editing.edits).toEqual(BEFORE);
  });

  it("changes nothing where a latent does not open, is closed, or no recipe is chosen", async () => {
    const other = new Face("/album/b.latent.json", { phase: "opening" });
    faces.push(other);
    person.file = "/r/older.recipe.json";
    const failing = applyRecipe(context, other.uri);
    other.show(FAILED);
    await failing;
    other.show({ phase: "opening" });
    const closing = applyRecipe(context, other.uri);
    other.closed.fire(undefined);
    await closing;
    person.file = undefined;
    await applyRecipe(context);
    expect(asked).toEqual([]);
    expect(faces.flatMap(({ steps }) => steps)).toEqual([]);
  });

  it("leaves the edits as they are where the recipe does not fit", async () => {
    await expect(applyRecipe(context, uri("/r/foreign.recipe.json"))).rejects.toThrow("another model");
    expect([faces[0]?.editing.edits, faces[0]?.steps]).toEqual([BEFORE, []]);
  });
});
