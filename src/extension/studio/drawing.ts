import * as vscode from "vscode";
import type { Look, OpenedLatent } from "../../protocol/engine";
import type { Engine } from "../engine/engine";
import { isEngineGone, sentence } from "../engine/failure";
import type { Frame } from "./content";
import { Latest } from "./latest";

interface FrameRequest {
  readonly look: Look;
  readonly since: number | undefined;
}

/** Keeps the picture of an edited face up with what is set on it: however fast that changes, the newest is drawn. */
export class FaceDrawing implements vscode.Disposable {
  readonly #drawn = new vscode.EventEmitter<Frame>();
  readonly #failed = new vscode.EventEmitter<string>();
  readonly #frames: Latest<FrameRequest, Frame>;
  #frame: Frame | undefined;

  /** The edited face was drawn. */
  readonly onDidDraw = this.#drawn.event;
  /** It could not be drawn, and a sentence says why. One that fails because the engine died is not told: it is drawn again. */
  readonly onDidFail = this.#failed.event;

  /** @param session what is open now; where nothing is, nothing is drawn */
  constructor(engine: Engine, session: () => OpenedLatent | undefined) {
    this.#frames = new Latest(
      async ({ look, since }) => {
        const opened = session();
        if (opened === undefined) throw new vscode.CancellationError();
        const drawn = await engine.render(opened, look);
        // Never more than one request of ours is on its way, so none of them is overtaken.
        if (drawn.superseded) throw new vscode.CancellationError();
        return { pixels: drawn.pixels, milliseconds: drawn.milliseconds, since };
      },
      (frame) => {
        this.#frame = frame;
        this.#drawn.fire(frame);
      },
      (error) => {
        if (isEngineGone(error) || error instanceof vscode.CancellationError) return;
        this.#failed.fire(sentence(error));
      },
    );
  }

  /** The newest picture. */
  get frame(): Frame | undefined {
    return this.#frame;
  }

  /** @param since when the movement that asks for it was made (`Date.now()`) */
  request(look: Look, since?: number): void {
    this.#frames.request({ look, since });
  }

  dispose(): void {
    this.#frames.dispose();
    vscode.Disposable.from(this.#drawn, this.#failed).dispose();
  }
}
