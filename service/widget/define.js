/* How the widget comes onto a page: as an element, and as a div for editors that strip elements
   they do not know. */

/** Gives every <div data-voxpop="..."> a <vox-pop>, with what stood in it as the fallback. */
function adopt() {
  for (const place of document.querySelectorAll("[data-voxpop]")) {
    const there = place.querySelector(":scope > vox-pop");
    const element = there ?? document.createElement("vox-pop");
    const rest = [...place.childNodes].filter((node) => node !== element);
    const { voxpop: poll, voxpopService: service, voxpopChoices: choices } = place.dataset;
    const { voxpopImages: images } = place.dataset;
    for (const [name, value] of Object.entries({ poll, service, choices, images })) {
      const news = value !== undefined && value !== element.getAttribute(name);
      if (news) element.setAttribute(name, value);
    }
    if (rest.length) element.append(...rest);
    if (!there) place.append(element);
  }
}

/** A script that is loaded twice finds its work done. */
function define() {
  if (customElements.get("vox-pop")) return;
  customElements.define("vox-pop", VoxPop);
  adopt();
  new MutationObserver(adopt).observe(document, {
    attributes: true,
    attributeFilter: ["data-voxpop"],
    childList: true,
    subtree: true,
  });
}
