/* A poll that is only looked at, as on the page that makes it: nothing is asked for, nothing is
   kept, and a vote goes nowhere. */

/** Stand-ins for Service and Ballots, out of what a page has set as `element.preview`. */
function previewed({ poll, results = noVotes(poll), voted = false }) {
  const service = {
    poll: async () => ({ status: "open", ...poll }),
    results: async () => results,
    cast: async () => ({ results }),
  };
  const ballots = {
    counted: voted ? { answers: {} } : null,
    cast: (answers) => ({ answers }),
    count: (ballot) => (ballots.counted = ballot),
    drop: () => (ballots.counted = null),
  };
  return [service, ballots];
}

/** The results of a poll that nobody has voted in. */
function noVotes({ questions }) {
  const none = (choice) => ({ ...choice, votes: 0, percent: 0 });
  return {
    ballots: 0,
    questions: questions.map((question) => ({ ...question, choices: question.choices.map(none) })),
  };
}
