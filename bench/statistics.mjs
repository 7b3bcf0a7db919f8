/** The middle of the samples and how far the middle half of them spreads. */
export function summary(samples) {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (share) => {
    const index = (sorted.length - 1) * share;
    const low = sorted[Math.floor(index)];
    return low + (sorted[Math.ceil(index)] - low) * (index % 1);
  };
  return { median: at(0.5), low: at(0.25), high: at(0.75) };
}

/** Summaries of what two contestants took, and of the ratio of the two in each round. */
export function compare(pairs, quantity) {
  return {
    ours: summary(pairs.map(([ours]) => ours[quantity])),
    base: summary(pairs.map(([, base]) => base[quantity])),
    ratio: summary(pairs.map(([ours, base]) => ours[quantity] / base[quantity])),
  };
}
