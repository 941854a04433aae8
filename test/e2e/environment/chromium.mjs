import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const NAMES = ["chromium", "chromium-browser", "google-chrome"];

/**
 * The installed browser, or the one that RFM_CHROMIUM names.
 * @returns {string} path of the executable
 */
export function findChromium() {
  const named = process.env.RFM_CHROMIUM;
  if (named) {
    if (isExecutable(named)) return named;
    throw new Error(`RFM_CHROMIUM names ${named}, which cannot be run.`);
  }
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    for (const name of NAMES) {
      const path = join(folder, name);
      if (isExecutable(path)) return path;
    }
  }
  throw new Error("The end-to-end tests need a browser: run `apt-get install chromium`.");
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
