/** Values of a rendition's fields as elements, each by its shape. */

import { address, element, isolated, picture } from "./dom.js";
import { markdown } from "./markdown.js";
import { page, pageOfBlocks } from "./pages.js";
import { say } from "./words.js";

const SHAPES = {
  plain: lines,
  html: (html, look) => isolated(page(html, look), say("body")),
  email_html: (html) => isolated(html, say("email")),
  markdown,
  blocks: (blocks, look) => isolated(page(pageOfBlocks(blocks), look), say("body")),
  ssml: speech,
  link: address,
  image: picture,
};

/** The fields of a rendition that hold something. What a frame does not take of them is the rest. */
export class Fields {
  constructor(values, shapes, look) {
    const filled = Object.entries(values).filter(([, value]) => value !== null && value !== "");
    this.values = new Map(filled);
    Object.assign(this, { shapes, look });
    this.taken = new Set();
  }

  get names() {
    return [...this.values.keys()];
  }

  /** Take a field as the plain text that it is; what has another shape stays in the rest. */
  text(name) {
    if (!this.values.has(name) || this.shapes[name] !== "plain") return null;
    this.taken.add(name);
    return String(this.values.get(name));
  }

  /** Take a field as elements, whatever its shape. */
  draw(name) {
    if (!this.values.has(name)) return null;
    this.taken.add(name);
    return (SHAPES[this.shapes[name]] ?? lines)(this.values.get(name), this.look);
  }

  /** Return the elements of all that was not taken, each below its name. */
  rest() {
    const left = this.names.filter((name) => !this.taken.has(name));
    return left.map((name) =>
      element("div", { class: "field" }, element("span", { class: "field__name", dir: "ltr" }, name), this.draw(name)),
    );
  }
}

/** Return a plain text, a paragraph a line. */
export function lines(text) {
  const read = typeof text === "string" ? text : JSON.stringify(text ?? "");
  return read.split("\n").map((line) => element("p", {}, line));
}

function speech(ssml) {
  const said = new DOMParser().parseFromString(ssml, "application/xml").documentElement;
  const sentences = (paragraph) => [...paragraph.childNodes].map((each) => each.textContent);
  const paragraphs = [...said.getElementsByTagName("p")].map((each) => sentences(each).join(" "));
  return [
    element("blockquote", { class: "spoken" }, ...lines(paragraphs.join("\n") || said.textContent)),
    element("details", {}, element("summary", {}, "SSML"), element("pre", { dir: "ltr" }, ssml)),
  ];
}
