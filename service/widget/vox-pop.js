/* <vox-pop poll="region-interest">: from its first request to its last refresh. */

/* The script's own address names its service; it is known only while the script first runs. */
const SERVICE = new URL(".", document.currentScript?.src || location.href).href;

/* How many rows to keep room for while the poll is on its way, unless the page says. */
const USUAL_CHOICES = 8;

const TYPES = ["single_choice", "multiple_choice"];

class VoxPop extends HTMLElement {
  static observedAttributes = ["poll", "service"];
  static #sheet;
  #theme = new CSSStyleSheet();

  #stage;
  #pulse = new Pulse(this, () => this.#refresh());
  #alive = false; // on a page
  #step = null; // ends when another step begins
  #sending = false;
  #draft = { answers: {} }; // what was marked before a look at the results
  #service;
  #ballots;
  #poll = null;
  #results = null;
  #preview = null;

  constructor() {
    super();
    if (!VoxPop.#sheet) (VoxPop.#sheet = new CSSStyleSheet()).replaceSync(STYLES);
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [VoxPop.#sheet, this.#theme];
    this.#stage = new Stage(root);
  }

  /** A poll to look at instead of the attribute's: {poll, results}, as the service writes them. */
  get preview() {
    return this.#preview;
  }

  set preview(shown) {
    this.#preview = shown;
    this.#restart();
  }

  connectedCallback() {
    this.#alive = true;
    /* Set before the script was here, it is a plain property that hides ours. */
    const { preview } = this;
    delete this.preview;
    this.#preview = preview;
    this.#resume();
  }

  disconnectedCallback() {
    this.#alive = false;
    this.#sending = false;
    this.#step?.abort();
    this.#pulse.stop();
  }

  /* moveBefore loses nothing, so there is nothing to take up again. */
  connectedMoveCallback() {}

  /* Attributes often change together: one new start does for all of them. */
  attributeChangedCallback(name, before, after) {
    if (before !== after) this.#restart();
  }

  #restart() {
    this.#poll = this.#results = null;
    this.#draft = { answers: {} };
    if (!this.#alive) return;
    this.disconnectedCallback();
    queueMicrotask(() => this.isConnected && !this.#alive && this.connectedCallback());
  }

  /** Starts, or goes on where the element stood when it left the page. */
  #resume() {
    if (!this.#poll || !this.#view) this.#load();
    else if (this.#ballots.pending) this.#run(() => this.#arrive());
    else if (this.#view instanceof FormView) this.#view.loading(false);
    else if (this.#results) this.#pulse.start();
  }

  /** Ends what is under way: whatever it waits for is wanted no more. */
  #begin() {
    this.#step?.abort();
    this.#step = new AbortController();
    return this.#step.signal;
  }

  /** One step; whatever goes wrong in it is dealt with here and never thrown into the page. */
  async #run(step, failed = () => this.#fail()) {
    const signal = this.#begin();
    try {
      await step(signal);
    } catch (error) {
      if (signal.aborted) return;
      this.#tell("error", { code: error.code ?? "malformed" });
      failed(error, signal);
    }
  }

  #load() {
    const slug = this.getAttribute("poll");
    const preview = this.#preview;
    if (!slug && !preview) return console.warn("Voxpop: <vox-pop> needs the attribute poll.");
    this.#sending = false;
    this.#stage.wait(this.#room);
    this.#run(
      async (signal) => {
        const address = new URL(this.getAttribute("service") ?? SERVICE).href.replace(/\/$/, "");
        [this.#service, this.#ballots] = preview
          ? previewed(preview)
          : [new Service(address, slug), new Ballots(address, slug)];
        this.#poll = arranged(await this.#service.poll(signal), this.#ballots);
        /* The site's colours; what the page says of the element itself goes before them. */
        this.#theme.replaceSync(`:host{${this.#poll.theme}}`);
        await this.#arrive(signal);
        this.#tell("ready");
      },
      ({ status }) =>
        status === 404 ? this.#stage.fail(TEXTS.notFound, { rows: 0 }) : this.#fail(),
    );
  }

  /** Shows what this reader finds: a ballot to send again, results, or the form. */
  async #arrive(signal) {
    const { pending, counted } = this.#ballots;
    if (!this.#poll.questions.every(({ type }) => TYPES.includes(type))) this.#pointElsewhere();
    else if (pending) {
      this.#showForm();
      this.#send(pending);
    } else if (counted || this.#poll.status !== "open") await this.#openBoard(signal);
    else this.#showForm();
  }

  /** The form as it was left. A ballot that is still to be sent stands in it, unchangeable. */
  #showForm() {
    this.#begin();
    this.#pulse.stop();
    const { pending } = this.#ballots;
    const onView = resultsVisible(this.#poll, false) ? this.#onView : null;
    const ballot = pending ?? this.#draft;
    this.#stage.show(new FormView(this.#poll, { ballot, onVote: this.#onVote, onView }));
    if (pending) this.#view.failed(TEXTS.notSent, true);
  }

  #onView = () => {
    const form = this.#view;
    form.loading(true);
    this.#run(
      async (signal) => {
        this.#results = await this.#service.results(null, signal);
        this.#draft = form.ballot;
        this.#showBoard();
        this.#stage.announce(TEXTS.resultsShown);
      },
      () => form.failed(TEXTS.noResults, Boolean(this.#ballots.pending)),
    );
  };

  #onBack = () => {
    if (this.#preview) this.#ballots.drop();
    this.#showForm();
  };

  #onVote = () => {
    if (this.#sending || !this.#view.check()) return;
    const { pending, counted } = this.#ballots;
    /* The reader may have voted meanwhile, in another tab or another copy of this poll. */
    if (counted) this.#run((signal) => this.#openBoard(signal, null, TEXTS.alreadyVoted));
    else this.#send(pending ?? this.#ballots.cast(this.#view.ballot));
  };

  #send(ballot) {
    this.#sending = true;
    this.#view.sending();
    this.#run(
      async (signal) => {
        const { receipt, results } = await this.#service.cast(ballot, signal);
        this.#sending = false;
        this.#ballots.count(ballot, receipt);
        this.#tell("voted");
        await this.#openBoard(signal, results);
        const said = [TEXTS.counted, this.#results && TEXTS.resultsShown, this.#poll.thank_you];
        this.#stage.announce(said.filter(Boolean).join(" "));
      },
      (error, signal) => this.#refuse(ballot, error, signal),
    );
  }

  /** A ballot that may have arrived is kept, to be sent again; one that was refused is dropped. */
  #refuse(ballot, { status, code, message, wait, results }, signal) {
    this.#sending = false;
    if (code === "already_voted") {
      this.#ballots.countUnknown();
      this.#run((next) => this.#openBoard(next, results, TEXTS.alreadyVoted));
    } else if (code === "poll_closed" || code === "poll_not_open") {
      this.#ballots.drop();
      this.#poll.status = code === "poll_closed" ? "closed" : "scheduled";
      this.#run((next) => this.#openBoard(next, results));
    } else if (status === 429 || status === 503) {
      this.#view.failed(wait ? plural(TEXTS.busyFor, wait) : TEXTS.busy, true);
    } else if (status >= 400 && status < 500) {
      this.#ballots.drop();
      this.#view.failed(message || TEXTS.notTaken, false);
    } else {
      this.#view.failed(TEXTS.notSent, true);
      if (!status) this.#doubt(ballot, signal);
    }
  }

  /** To a page that may not vote, a refusal looks as if the network were down; but the service can
      be reached then. So a ballot is not sent again for ever: it is dropped at the second time. */
  async #doubt(ballot, signal) {
    const reached = await this.#service.poll(signal, true).catch(() => null);
    if (!reached || signal.aborted) return;
    if (ballot.doubted) {
      this.#ballots.drop();
      return this.#view.failed(TEXTS.notTaken, false);
    }
    this.#ballots.doubt(ballot);
    console.warn(`Voxpop: no answer to a vote. Is ${location.origin} on the site's list of origins?`);
  }

  /** The board, with the results `given` by an answer or fetched for it. */
  async #openBoard(signal, given = null, refused) {
    let failed = false;
    this.#results = given;
    if (!given && resultsVisible(this.#poll, this.#voted)) {
      try {
        this.#results = await this.#service.results(this.#receipt, signal);
      } catch (error) {
        if (signal.aborted) throw error;
        failed = error.code !== "results_hidden";
        if (failed) this.#tell("error", { code: error.code });
      }
    }
    this.#showBoard(refused, failed);
  }

  #showBoard(refused, failed = false) {
    const poll = this.#poll;
    const results = this.#results;
    const voted = this.#voted;
    const open = poll.status === "open";
    const again = () => this.#run((signal) => this.#openBoard(signal, null, refused));
    const back = open && (!voted || this.#preview);
    this.#pulse.stop();
    this.#stage.show(
      new BoardView(poll, {
        results,
        answers: this.#ballots.counted?.answers ?? {},
        voted,
        refused,
        remark: results ? TEXTS.sample : failed ? TEXTS.noResults : whyHidden(poll),
        action: failed
          ? button("again", TEXTS.tryAgain, again)
          : back
            ? button("back", TEXTS.backToVote, this.#onBack)
            : null,
      }),
    );
    if (!results) return;
    this.#tell("results", { results });
    if (open) this.#pulse.start();
  }

  /* Only where it is needed: with it, the request costs a preflight and no cache may help. */
  get #receipt() {
    return this.#poll.results_visibility === "after_vote" ? this.#ballots.counted?.receipt : null;
  }

  get #voted() {
    return Boolean(this.#ballots.counted);
  }

  /** Newer figures into the board, unless the reader goes elsewhere meanwhile. */
  async #refresh() {
    const signal = this.#begin();
    let fresh;
    try {
      fresh = await this.#service.results(this.#receipt, signal);
    } catch (error) {
      if (signal.aborted) return;
      /* It closed, and shows no figures now that it is over. */
      if (error.code === "results_hidden") return this.#load();
      throw error;
    }
    /* A cache on the way may lag behind the answer to the reader's own vote. */
    if (fresh.revision < this.#results.revision) return;
    const stands = fresh.status === this.#poll.status && this.#view.update(fresh);
    this.#results = fresh;
    this.#poll.status = fresh.status;
    if (stands) this.#tell("results", { results: fresh });
    else this.#showBoard();
  }

  #pointElsewhere() {
    const link = make("a.link", { href: this.#service.page }, TEXTS.elsewhere);
    this.#stage.show({ element: make("p", {}, link), focus: () => link.focus() });
  }

  #fail() {
    const again = button("again", TEXTS.tryAgain, () => this.#load());
    this.#stage.fail(TEXTS.notLoaded, this.#room, again);
  }

  get #view() {
    return this.#stage.view;
  }

  /* How many rows to keep room for, and of which kind. */
  get #room() {
    const rows = Number(this.getAttribute("choices") ?? USUAL_CHOICES);
    return { rows, pictured: this.hasAttribute("images") };
  }

  #tell(name, detail = {}) {
    const poll = this.getAttribute("poll");
    this.dispatchEvent(
      new CustomEvent(`voxpop:${name}`, {
        bubbles: true,
        composed: true,
        detail: Object.freeze({ poll, ...detail }),
      }),
    );
  }
}

define();
