/** Pages for isolated frames: HTML of the hub, and its blocks as HTML. */

import { element, picture } from "./dom.js";

/** Return HTML as a page in the colours of a look. */
export function page(html, { dark }) {
  const colours = dark ? "background:#16181d;color:#e8e8ea" : "background:#fff;color:#1c1b22";
  return `<!doctype html><meta charset="utf-8"><style>body{${colours};margin:12px;font:15px/1.5 system-ui,sans-serif;
    overflow-wrap:anywhere}img{max-width:100%;height:auto}a{color:inherit}</style><div dir="auto">${html}</div>`;
}

/** Return blocks as HTML: rich text as it is, everything else written by elements, which escape it. */
export function pageOfBlocks(blocks) {
  return blocks.map((block) => (BLOCKS[block.type] ?? other)(block)).join("");
}

const BLOCKS = {
  rich_text: ({ html }) => html,
  question: ({ question, answer }) => written("h3", question) + answer,
  heading: ({ level, text }) => written(`h${level}`, text),
  paragraph: ({ text }) => written("p", ...broken(text)),
  legal_note: ({ text }) => written("p", element("small", {}, ...broken(text))),
  quote: ({ text, source }) => written("blockquote", ...broken(text), source && element("footer", {}, source)),
  list: ({ ordered, items }) => written(ordered ? "ol" : "ul", ...items.map((item) => element("li", {}, item))),
  image: ({ image, caption }) =>
    written("figure", picture(image), element("figcaption", {}, caption || image.caption || "")),
  table: ({ header, rows }) => written("table", ...[header, ...rows].map(row)),
  call_to_action: ({ cta }) => written("p", element("strong", {}, cta.label), " ", leads(cta.link)),
  link: ({ url }) => written("p", url),
  embed: ({ title, url }) => written("p", title ? `${title} ${url}` : url),
  product_reference: ({ label, term }) => written("p", label || term),
  item_reference: ({ key }) => written("p", key),
};

function other(block) {
  return written("pre", JSON.stringify(block, null, 2));
}

function written(name, ...children) {
  return element(name, {}, ...children).outerHTML;
}

function broken(text) {
  return text.split("\n").flatMap((line, place) => (place ? [element("br"), line] : [line]));
}

function row(cells) {
  return element("tr", {}, ...cells.map((cell) => element("td", {}, cell)));
}

function leads(link) {
  return link ? (link.url ?? link.key ?? "") : "";
}
