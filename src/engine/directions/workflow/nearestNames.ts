/**
 * The names most like a misspelt one, by Levenshtein's distance without regard to case and punctuation; a name that holds it
 * counts as near.
 *
 * @returns at most `most`, nearest first; empty where none is near
 */
export function nearestNames(wanted: string, names: readonly string[], most = 3): string[] {
  const text = plain(wanted);
  const limit = Math.max(2, Math.ceil(text.length / 3));
  return names
    .map((name) => ({ name, distance: distanceOf(text, plain(name)) }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, most)
    .map(({ name }) => name);
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[\s_-]+/g, "");
}

function distanceOf(a: string, b: string): number {
  if (a.length >= 3 && b.includes(a)) return 1;
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(replace, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
