/* For pages whose editor strips elements it does not know: a div does the same. */

/** Gives every <div data-voxpop="..."> a <vox-pop>, with what stood in it as the fallback. */
function adopt() {
  for (const place of document.querySelectorAll("[data-voxpop]")) {
    const there = place.querySelector(":scope > vox-pop");
    const element = there ?? document.createElement("vox-pop");
    const rest = [...place.childNodes].filter((node) => node !== element);
    const { voxpop: poll, voxpopService: service, voxpopChoices: choices } = place.dataset;
    for (const [name, value] of Object.entries({ poll, service, choices })) {
      if (value !== undefined && element.getAttribute(name) !== value) element.setAttribute(name, value);
    }
    if (rest.length) element.append(...rest);
    if (!there) place.append(element);
  }
}
