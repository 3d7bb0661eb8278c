/* What a reader's browser keeps: one token for the device, and for each poll the ballot that was
   cast. It is written down before it is sent, so that a lost answer is asked for again and never
   doubled. */

/* Where a browser forbids storage, the page's own memory serves as long as the page does. */
const memory = new Map();

/** What the act comes to; null where it cannot be done. */
function attempt(act) {
  try {
    return act();
  } catch {
    return null;
  }
}

function recall(key) {
  return attempt(() => localStorage.getItem(key)) ?? memory.get(key);
}

function keep(key, value) {
  memory.set(key, value);
  attempt(() => localStorage.setItem(key, value));
}

function forget(key) {
  memory.delete(key);
  attempt(() => localStorage.removeItem(key));
}

/** A random UUID. On plain http browsers hide randomUUID, but not the one in a blob's address. */
function uuid() {
  const address = URL.createObjectURL(new Blob());
  URL.revokeObjectURL(address);
  return address.slice(-36);
}

/** The device's opaque token: random, so that it says nothing about the reader, and another one
    for each service, so that no two can put together what they know. */
function voter(address) {
  const key = `voxpop:voter:${address}`;
  const kept = recall(key);
  if (/^[\w-]{22,128}$/.test(kept)) return kept;
  const token = uuid();
  keep(key, token);
  return token;
}

/** Whose ballots those with the token are, as a mark that names nobody. Tokens come and go; the
    publisher's reader in them stays. */
function markOf(token) {
  const claims = () => atob(token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/"));
  return token ? `:${hash(`${attempt(() => JSON.parse(claims()).sub) ?? token}`)}` : "";
}

/** The reader's ballot in one poll: none, pending or counted. */
function ballotsOf(address, poll, token) {
  const key = `voxpop:ballot:${address}:${poll}${markOf(token)}`;

  const read = (state) => {
    const ballot = attempt(() => JSON.parse(recall(key)));
    return ballot?.state === state ? ballot : null;
  };

  const write = (ballot) => {
    keep(key, JSON.stringify(ballot));
    return ballot;
  };

  return {
    /** The ballot that was sent and not answered yet: {id, answers, state, receipt} or null. */
    pending: () => read("pending"),

    /** The ballot that the service has counted, or null. */
    counted: () => read("counted"),

    cast: (ballot) => write({ id: uuid(), ...ballot, state: "pending" }),

    /** Notes whether the service that gave no answer to a ballot can be reached. */
    doubt: (ballot, doubted) => write({ ...ballot, doubted }),

    /* What the reader wrote has arrived, and need not lie about here. */
    count: ({ id, answers }, receipt) => write({ id, answers, state: "counted", receipt }),

    /** The service has a ballot of this reader that this browser does not remember. */
    countUnknown: () => write({ answers: {}, state: "counted" }),

    drop: () => forget(key),
  };
}
