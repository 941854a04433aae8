/** Numbers as a report writes them; what is missing or no number is a dash. */
const DASH = "–";

const written = (value: number | undefined, write: (value: number) => string): string =>
  value === undefined || !Number.isFinite(value) ? DASH : write(value);

/** A share or an AUC, in [0,1], with three decimals. */
export const share = (value: number | undefined): string => written(value, (v) => v.toFixed(3));

/** A share of right answers as a percentage. */
export const percent = (value: number | undefined): string =>
  written(value, (v) => `${(v * 100).toFixed(1)}%`);

/** A change in standard deviations, with its sign. */
export const change = (value: number | undefined): string =>
  written(value, (v) => {
    const size = Math.abs(v).toFixed(2);
    // What rounds to nothing has no sign.
    return Number(size) === 0 ? size : `${v > 0 ? "+" : "−"}${size}`;
  });

/** A score or another number of unknown size. */
export const plain = (value: number | undefined): string =>
  written(value, (v) => String(Number(v.toPrecision(4))));

/** A count. */
export const count = (value: number | undefined): string => written(value, (v) => String(v));
