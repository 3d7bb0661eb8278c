/* <vox-pop poll="region-interest">: what a page sees of the widget. */

class VoxPop extends HTMLElement {
  static observedAttributes = ["poll", "site", "service", "voter", "locale", "lang"];
  #visit = visitTo(this);

  /* A poll to look at instead of the attribute's: {poll, results}, as the service writes them. */
  static {
    if (PREVIEWS) {
      Object.defineProperty(this.prototype, "preview", {
        get() {
          return this.#visit.preview;
        },
        set(shown) {
          this.#visit.preview = shown;
          this.#visit.restart();
        },
      });
    }
  }

  /** Newer figures at once, where there are any to be seen. */
  refresh() {
    this.#visit.refresh();
  }

  /** As by View Results. */
  showResults() {
    this.#visit.lookAtResults();
  }

  /** As by Back to vote. */
  showForm() {
    this.#visit.goBack();
  }

  connectedCallback() {
    /* Set before the script was here, it is a plain property that hides ours. */
    if (PREVIEWS && Object.hasOwn(this, "preview")) {
      const { preview } = this;
      delete this.preview;
      this.#visit.preview = preview;
    }
    this.#visit.resume();
  }

  disconnectedCallback() {
    this.#visit.leave();
  }

  /* Attributes often change together: one new start does for all of them. */
  attributeChangedCallback(name, before, after) {
    /* A fresh token of the same reader changes nothing, but a ballot may have waited for it. */
    const mark = name === "voter" ? markOf : String;
    if (mark(before) === mark(after)) this.#visit.refresh();
    else this.#visit.restart();
  }
}

define();
