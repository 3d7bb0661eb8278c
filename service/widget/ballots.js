/* What a reader's browser keeps: one token for the device, and for each poll the ballot that was
   cast. It is written down before it is sent, so that a lost answer is asked for again and never
   doubled. */

/* Where a browser forbids storage, the page's own memory serves as long as the page does. */
const memory = new Map();

function recall(key) {
  try {
    return localStorage.getItem(key) ?? memory.get(key);
  } catch {
    return memory.get(key);
  }
}

function keep(key, value) {
  memory.set(key, value);
  try {
    localStorage.setItem(key, value);
  } catch {
    /* Forbidden or full: memory has it. */
  }
}

function forget(key) {
  memory.delete(key);
  try {
    localStorage.removeItem(key);
  } catch {
    /* Forbidden: there was nothing to remove. */
  }
}

function randomBytes(length) {
  return crypto.getRandomValues(new Uint8Array(length));
}

/** A version 4 UUID, made by hand: on plain http browsers hide randomUUID. */
function uuid() {
  const hex = Array.from(randomBytes(16), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4}).(.{3}).(.{3})/, "$1-$2-4$3-a$4-");
}

/** The device's opaque token: random, so that it says nothing about the reader. */
function voter() {
  const kept = recall("voxpop:voter");
  if (/^[\w-]{22,128}$/.test(kept)) return kept;
  const token = btoa(String.fromCharCode(...randomBytes(18)))
    .replaceAll("+", "-")
    .replaceAll("/", "_");
  keep("voxpop:voter", token);
  return token;
}

/** The reader's ballot in one poll: none, pending or counted. */
class Ballots {
  #key;

  constructor(origin, poll) {
    this.#key = `voxpop:ballot:${origin}:${poll}`;
  }

  /** Who reads, as far as this browser knows. */
  get reader() {
    return voter();
  }

  /** The ballot that was sent and not answered yet: {id, answers, state, receipt} or null. */
  get pending() {
    return this.#read("pending");
  }

  /** The ballot that the service has counted, or null. */
  get counted() {
    return this.#read("counted");
  }

  cast(ballot) {
    return this.#write({ id: uuid(), ...ballot, state: "pending", receipt: null });
  }

  /** Notes that a ballot got no answer from a service that can be reached. */
  doubt(ballot) {
    this.#write({ ...ballot, doubted: true });
  }

  count(ballot, receipt) {
    return this.#write({ ...ballot, state: "counted", receipt });
  }

  /** The service has a ballot of this reader that this browser does not remember. */
  countUnknown() {
    return this.#write({ id: null, answers: {}, state: "counted", receipt: null });
  }

  drop() {
    forget(this.#key);
  }

  #read(state) {
    try {
      const ballot = JSON.parse(recall(this.#key));
      return ballot.state === state ? ballot : null;
    } catch {
      return null;
    }
  }

  #write(ballot) {
    keep(this.#key, JSON.stringify(ballot));
    return ballot;
  }
}
