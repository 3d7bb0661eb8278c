/* A poll that is only looked at, as on the page that makes it: nothing is asked for, nothing is
   kept, and a vote goes nowhere. */

/** Stand-ins for Service and Ballots, out of what a page has set as `element.preview`. */
function previewed({ poll, results, voted }) {
  const service = {
    poll: async () => structuredClone({ status: "open", ...poll }),
    results: async () => results,
    cast: async () => ({ results }),
  };
  const ballots = {
    reader: "",
    counted: voted && { answers: {} },
    cast: (ballot) => ballot,
    count: (ballot) => (ballots.counted = ballot),
    drop: () => (ballots.counted = null),
  };
  return [service, ballots];
}
