import type { Progress } from "./output";

const BAR_WIDTH = 24;
/** The bar is drawn at most this often, in milliseconds. */
const INTERVAL = 80;

/** One line on a terminal that is drawn over and over. */
export class ProgressBar {
  #lastDrawn = 0;
  #isShown = false;

  constructor(
    private readonly write: (text: string) => void,
    private readonly columns: () => number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  show(progress: Progress): void {
    const isLast = progress.done >= progress.total;
    const now = this.now();
    if (!isLast && this.#isShown && now - this.#lastDrawn < INTERVAL) return;
    this.#lastDrawn = now;
    this.#isShown = true;
    // Carriage return, the line, then erase to its end.
    this.write(`\r${progressLine(progress).slice(0, Math.max(10, this.columns() - 1))}\u001b[K`);
  }

  clear(): void {
    if (!this.#isShown) return;
    this.#isShown = false;
    this.write("\r\u001b[K");
  }
}

/** `optimise [##########..............] 42/100 loss 0.123`, or `decode photo a.png` where nothing is counted. */
export function progressLine({ phase, done, total, details = {} }: Progress): string {
  const extras = Object.entries(details).map(([name, value]) => ` ${name} ${shortValue(value)}`);
  // What is not counted has no bar.
  if (total <= 0) return `${phase}${extras.join("")}`;
  const share = Math.min(1, Math.max(0, done / total));
  const filled = Math.round(share * BAR_WIDTH);
  const bar = "#".repeat(filled) + ".".repeat(BAR_WIDTH - filled);
  return `${phase} [${bar}] ${done}/${total}${extras.join("")}`;
}

function shortValue(value: number | string): string {
  if (typeof value === "string") return value;
  return Number.isInteger(value) ? String(value) : value.toPrecision(4);
}
