import type { WriteStream } from "node:tty";
import { ProgressBar } from "./progress";

/** How far a command is; `details` are shown behind the bar and travel in the JSON line. */
export interface Progress {
  readonly phase: string;
  readonly done: number;
  readonly total: number;
  readonly details?: Readonly<Record<string, number | string>>;
}

/** Where a command tells what it does: text for people, or one JSON object per line for programs. */
export interface Output {
  progress(progress: Progress): void;
  /** A finished piece of the work, such as a file written. */
  note(text: string): void;
  /** Something that people should know although the work goes on. */
  warn(message: string): void;
  /** A failure, as `rfm: sentence` on stderr. */
  fail(message: string): void;
  /** The last line: the result as an object, and as text. */
  result(value: object, text: string): void;
}

/** Prints for people: notes and the result on stdout, a bar on stderr where that is a terminal. */
export class TextOutput implements Output {
  readonly #bar: ProgressBar | undefined;

  constructor(
    private readonly out: NodeJS.WritableStream,
    private readonly errors: NodeJS.WritableStream & Partial<Pick<WriteStream, "isTTY" | "columns">>,
  ) {
    this.#bar =
      errors.isTTY === true
        ? new ProgressBar(
            (text) => errors.write(text),
            () => errors.columns ?? 80,
          )
        : undefined;
  }

  progress(progress: Progress): void {
    this.#bar?.show(progress);
  }

  note(text: string): void {
    this.#print(this.out, text);
  }

  warn(message: string): void {
    this.#print(this.errors, `rfm: warning: ${message}`);
  }

  fail(message: string): void {
    this.#print(this.errors, `rfm: ${message}`);
  }

  result(_value: object, text: string): void {
    if (text !== "") this.#print(this.out, text);
    else this.#bar?.clear();
  }

  #print(stream: NodeJS.WritableStream, text: string): void {
    this.#bar?.clear();
    stream.write(`${text}\n`);
  }
}

/** Prints for programs: JSON lines on stdout, failures and warnings as text on stderr. */
export class JsonOutput implements Output {
  constructor(
    private readonly out: NodeJS.WritableStream,
    private readonly errors: NodeJS.WritableStream,
  ) {}

  progress({ phase, done, total, details }: Progress): void {
    this.#line({ progress: { phase, done, total, ...details } });
  }

  note(): void {
    // Everything that a program needs is in the result.
  }

  warn(message: string): void {
    this.errors.write(`rfm: warning: ${message}\n`);
  }

  fail(message: string): void {
    this.errors.write(`rfm: ${message}\n`);
  }

  result(value: object): void {
    this.#line({ result: value });
  }

  #line(value: object): void {
    this.out.write(`${JSON.stringify(value)}\n`);
  }
}
