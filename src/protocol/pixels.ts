/** A picture on its way to a canvas: RGBA, 8 bit, row by row from the top. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
}
