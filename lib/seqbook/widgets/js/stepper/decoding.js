// Greedy decoding and beam search as `seqbook.scratch.greedy` and `beam` (length_penalty=0) do them. A sequence is
// { ids, logProb, before, next }: its tokens, their log-probability, the sequence it grew from, and what may follow,
// { h, logProbs }, null after the end.

// The empty sequence of a decoder that starts from c.
export const emptySequence = ({ step, start }, c) => ({ ids: [], logProb: 0, before: null, next: step(start, c) });

// A sequence with one more token.
export function grown({ step, end }, sequence, token) {
  return {
    ids: [...sequence.ids, token],
    logProb: sequence.logProb + sequence.next.logProbs[token],
    before: sequence,
    next: token === end ? null : step(token, sequence.next.h),
  };
}

export const grownBy = (network, sequence, tokens) =>
  tokens.reduce((sofar, token) => grown(network, sofar, token), sequence);

const likeliest = (logProbs) => logProbs.indexOf(Math.max(...logProbs));

// `sequence` and the likeliest token after it, again and again, until the end or the network's `most` tokens.
export function greedy(network, sequence) {
  let found = sequence;
  while (found.next && found.ids.length < network.most) {
    found = grown(network, found, likeliest(found.next.logProbs));
  }
  return found;
}

// The beam after each step, the first `[sequence]`: up to `width` sequences, the likeliest first. Of equally likely
// ones those come first whose parent stands higher, then those with the smaller token; what has ended competes as it is.
export function beam(network, sequence, width) {
  const levels = [[sequence]];
  while (levels.at(-1).some(({ next }) => next) && sequence.ids.length + levels.length - 1 < network.most) {
    const candidates = levels.at(-1).flatMap((held) =>
      held.next
        ? [...held.next.logProbs].map((logProb, token) => ({ held, token, logProb: held.logProb + logProb }))
        : [{ held, token: null, logProb: held.logProb }],
    );
    const best = candidates.sort((one, other) => other.logProb - one.logProb).slice(0, width);
    levels.push(best.map(({ held, token }) => (token === null ? held : grown(network, held, token))));
  }
  return levels;
}
