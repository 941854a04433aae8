/** A part of the way: which graph is asked, and after how many looks at most it ends. */
export interface Stage {
  readonly kind: "coarse" | "plain" | "identity" | "polish";
  /** Looks from the beginning of the part. */
  readonly looks: number;
}

/** What there is on the way. */
export interface Way {
  readonly iterations: number;
  readonly coarse: boolean;
  readonly identity: boolean;
  readonly polish: boolean;
}

/** Of all looks, those at RFM's loss; of the others, those at coarse pictures and those with the recognition net. */
const POLISH = 0.55;
const COARSE = 0.25;
const IDENTITY = 0.3;
/** The pixels' looks are parted for the sake of occluders: what is suspect is put aside in one part, and judged before the next. */
const PARTS = 4;
/** A part of fewer looks is not worth its graph, or a look for occluders. */
const WORTHWHILE = 15;

/** Whether there are looks enough for some of them to be at RFM's loss. */
export function isPolished({ iterations, polish }: Pick<Way, "iterations" | "polish">): boolean {
  return polish && POLISH * iterations >= WORTHWHILE;
}

/** Occluders are looked for before each part; recognition is dear and comes late, RFM's loss is dearer and comes last. */
export function stagesOf({ iterations, coarse, identity, polish }: Way): readonly Stage[] {
  const last = isPolished({ iterations, polish }) ? Math.round(POLISH * iterations) : 0;
  const own = iterations - last;
  const first = coarse ? Math.ceil(COARSE * own) : 0;
  const late = identity ? Math.floor(IDENTITY * own) : 0;
  const rest = own - first - late;
  const parts = Math.max(1, Math.min(PARTS, Math.floor(rest / WORTHWHILE)));
  const stages: Stage[] = [
    { kind: "coarse", looks: first },
    ...Array.from({ length: parts }, (_, part): Stage => {
      const upTo = (count: number): number => Math.floor((rest * count) / parts);
      return { kind: "plain", looks: upTo(part + 1) - upTo(part) };
    }),
    { kind: "identity", looks: late },
    { kind: "polish", looks: last },
  ];
  return stages.filter(({ looks }) => looks > 0);
}
