/* A poll that is only looked at, as on the page that makes it: nothing is asked for, nothing is
   kept, and a vote goes nowhere. */

/** Stand-ins for the service and the ballots, out of what a page has set as `element.preview`. */
function previewed({ poll, results, voted }) {
  let counted = voted && { answers: {} };
  const service = {
    page: () => "#",
    poll: async () => structuredClone({ status: "open", ...poll }),
    results: async () => results,
    cast: async () => ({ results }),
  };
  const ballots = {
    pending: () => null,
    counted: () => counted,
    cast: (ballot) => ballot,
    count: (ballot) => (counted = ballot),
    drop: () => (counted = null),
  };
  return [service, ballots];
}
