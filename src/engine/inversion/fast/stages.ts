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
/** Looks at RFM's loss are not worth their graph where they are fewer. */
const WORTHWHILE = 15;
/** Looks at pixels after which the face is drawn well enough to judge what is suspect before it. */
const EARLY = 20;

/** Whether there are looks enough for some of them to be at RFM's loss. */
export function isPolished({ iterations, polish }: Pick<Way, "iterations" | "polish">): boolean {
  return polish && POLISH * iterations >= WORTHWHILE;
}

/** What is before the face is judged after the first part; recognition is dear and comes late, RFM's loss is dearer and comes last. */
export function stagesOf({ iterations, coarse, identity, polish }: Way): readonly Stage[] {
  const last = isPolished({ iterations, polish }) ? Math.round(POLISH * iterations) : 0;
  const own = iterations - last;
  const first = coarse ? Math.ceil(COARSE * own) : 0;
  const late = identity ? Math.floor(IDENTITY * own) : 0;
  const rest = own - first - late;
  const early = coarse || rest < 2 * EARLY ? 0 : EARLY;
  const stages: Stage[] = [
    { kind: "coarse", looks: first },
    { kind: "plain", looks: early },
    { kind: "plain", looks: rest - early },
    { kind: "identity", looks: late },
    { kind: "polish", looks: last },
  ];
  return stages.filter(({ looks }) => looks > 0);
}
