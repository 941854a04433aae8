/**
 * An upright sRGB picture in memory: `width * height` pixels, row by row from the top, three bytes
 * (red, green, blue) a pixel. Alpha, orientation and colour profiles are dealt with when it is decoded.
 *
 * Pixel (column, row) covers the square [column, column+1) x [row, row+1): its centre lies at +0.5. Landmarks and
 * quads are in the coordinates of pixel *centres*, as in dlib and FFHQ: (0, 0) is the middle of the first pixel.
 */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}
