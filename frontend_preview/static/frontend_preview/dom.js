/** Elements without markup in texts: whatever comes from the hub is text, unless a frame says otherwise. */

import { say } from "./words.js";

/** Return an element with attributes and children; null and false among them are left out. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(key, "");
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(key, value);
  }
  made.append(...there(children));
  return made;
}

/** Return what there is of children, some of which may be lists, null, undefined or false. */
export function there(children) {
  return children.flat().filter((child) => child !== null && child !== undefined && child !== false);
}

/** Return HTML of the hub as an isolated page: no script runs in it, and no link leads anywhere. */
export function isolated(html, title) {
  return element("iframe", { srcdoc: html, sandbox: "", title, class: "isolated" });
}

/** Return a picture, or the place that it would take. */
export function picture(image, { bare = false } = {}) {
  if (!image?.url) return null;
  if (bare) return element("div", { class: "missing", role: "img", "aria-label": image.alt || say("noPicture") }, image.alt);
  const { url, alt, width, height } = image;
  return element("img", { src: url, alt: alt ?? "", width, height });
}

/** Return where a link leads, as text. */
export function address(link) {
  return link ? element("span", { class: "address", dir: "ltr" }, link) : null;
}

/** Cut a text after so many characters as readers count them. */
export function cut(text, most) {
  const letters = [...new Intl.Segmenter().segment(text)].map((each) => each.segment);
  return letters.length > most ? `${letters.slice(0, most).join("")}…` : text;
}
