"use strict";

/* Tells the page that frames us how high the poll is, so that it may make the frame as high. It is
   told to that page alone: the policy lets no other frame us, and the message names its origin.
   Nothing but the height is told, and nothing that the page says is listened to. */

function pageAround() {
  if (parent === self) return null;
  const origin = location.ancestorOrigins?.[0];
  if (origin) return origin;
  try {
    return new URL(document.referrer).origin;
  } catch {
    return null;
  }
}

/* AMP's frames say by their address that they are such, and understand a message of their own. */
const inAmp = new URLSearchParams(location.hash.slice(1)).has("amp");

function told(height) {
  if (inAmp) return { sentinel: "amp", type: "embed-size", height };
  return { voxpop: "height", height };
}

const around = pageAround();
if (around && around !== "null") {
  new ResizeObserver(() => {
    const height = Math.ceil(document.body.getBoundingClientRect().height);
    parent.postMessage(told(height), around);
  }).observe(document.body);
}

// In a sandbox without an origin no vote can be sent, and often no form: better said than tried.
const sandboxed = document.querySelector(".sandboxed");
if (sandboxed) sandboxed.hidden = self.origin !== "null";
