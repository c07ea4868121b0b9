/**
 * The candidate nearest to a mistyped word, or undefined when none is near enough. `tolerance` is the share of the word
 * that may be wrong. It is lower for commands: a wrong command does more harm than a wrong flag.
 */
export function suggest(word: string, candidates: Iterable<string>, tolerance: number): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(word.length * tolerance)) + 1;
  for (const candidate of candidates) {
    const distance = damerauDistance(word, candidate);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/**
 * The number of insertions, deletions, replacements and swaps of adjacent characters that turn one word into the other.
 */
export function damerauDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const cost = a[row - 1] === b[column - 1] ? 0 : 1;
      let distance = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + cost,
      );
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) distance = Math.min(distance, (beforePrevious[column - 2] ?? 0) + 1);
      current.push(distance);
    }
    [beforePrevious, previous] = [previous, current];
  }
  return previous[b.length] ?? 0;
}
