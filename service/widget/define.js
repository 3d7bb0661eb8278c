/* How the widget comes onto a page: as an element, and as a div for editors that strip elements
   they do not know. */

/** Gives every <div data-voxpop="..."> a <vox-pop>, with what stood in it as the fallback, and with
    what stands in its data-voxpop-... as the attributes of that name. */
function adopt() {
  for (const place of document.querySelectorAll("[data-voxpop]")) {
    const there = place.querySelector(":scope > vox-pop");
    const element = there ?? document.createElement("vox-pop");
    const rest = [...place.childNodes].filter((node) => node !== element);
    for (const [key, value] of Object.entries(place.dataset)) {
      if (!key.startsWith("voxpop")) continue;
      const name = key.slice(6).toLowerCase() || "poll";
      if (value !== element.getAttribute(name)) element.setAttribute(name, value);
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
