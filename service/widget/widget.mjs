/* The widget as an ES module: `import VoxPop from "https://polls.example.org/widget.mjs"`. It is the
   script that other pages load by a tag, so that they share one copy, and none is run twice. */

const loaded = (script) =>
  new Promise((resolve, reject) => {
    script.addEventListener("load", resolve);
    script.addEventListener("error", () => reject(new Error(`Voxpop: no script at ${script.src}`)));
    document.head.append(script);
  });

if (!customElements.get("vox-pop")) {
  const script = document.createElement("script");
  script.src = new URL("widget.js", import.meta.url).href;
  await loaded(script);
}

export default customElements.get("vox-pop");
