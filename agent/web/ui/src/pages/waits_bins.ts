// The ten or so bars of waits that a person reads, out of the box's fine bins.
export const kBounds = [0, 10, 20, 40, 60, 120, 180, 300, 600, 900, 1800];  // seconds

// A fine bin goes where its lower edge lies; no call is lost.
export function coarse(bins: number[], edges: number[]): number[] {
  const sums = kBounds.map(() => 0);
  bins.forEach((n, i) => {
    const edge = edges[i] ?? 0;
    let at = kBounds.length - 1;
    while (at > 0 && edge < kBounds[at]!) at--;
    sums[at]! += n;
  });
  return sums;
}
