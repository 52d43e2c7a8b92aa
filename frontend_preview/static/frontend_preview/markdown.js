/** Markdown as elements: what the hub writes of it (CommonMark 0.31), and whatever else as the text that it is. */

import { element, picture } from "./dom.js";

const HEADING = /^(#{1,6}) (.*)$/;
const QUOTE = /^> ?/;
const ENTRY = /^(?:-|\d{1,9}\.) /;
const ROW = /^\|(.*)\|$/;
const BLOCK = new RegExp([HEADING, QUOTE, ENTRY, ROW].map(({ source }) => source).join("|"));

const INLINE = new RegExp(
  [
    String.raw`\\(?:(?<lineEnd>\n)|(?<mark>[!-/:-@[-\x60{-~]))`,
    String.raw`(?<fence>\x60+)(?<code>.+?)\k<fence>(?!\x60)`,
    String.raw`(?<image>!)?\[(?<label>(?:\\.|[^\\\]])*)\]\((?<leads>[^()\s]*)\)`,
    String.raw`<(?<url>[a-z][a-z0-9+.-]*:[^<>\s]*)>`,
    String.raw`<(?<tag>strong|em|sub|sup|u|s)>(?<tagged>.*?)</\k<tag>>`,
    String.raw`\*\*(?<strong>(?:\\.|\*[^*]+\*|[^\\*])+)\*\*`,
    String.raw`\*(?<em>(?:\\.|\*\*[^*]+\*\*|[^\\*])+)\*`,
  ].join("|"),
  "gs",
);

/** Return a text's headings, paragraphs, lists, quotes and tables. */
export function markdown(text, look) {
  return blocks(text.split("\n"), look);
}

function blocks(lines, look) {
  const made = [];
  let at = 0;
  const taken = (goesOn) => {
    const from = at++;
    while (at < lines.length && goesOn(lines[at])) at++;
    return lines.slice(from, at);
  };
  while (at < lines.length) {
    const line = lines[at];
    if (!line.trim()) at++;
    else if (line === "---") made.push(rule(taken(() => false)));
    else if (HEADING.test(line)) made.push(heading(taken(() => false), look));
    else if (QUOTE.test(line)) made.push(quote(taken((next) => QUOTE.test(next)), look));
    else if (ENTRY.test(line)) made.push(list(taken((next) => ENTRY.test(next) || /^( {2}|\s*$)/.test(next)), look));
    else if (ROW.test(line)) made.push(table(taken((next) => ROW.test(next)), look));
    else made.push(element("p", {}, ...inline(taken((next) => next.trim() && !BLOCK.test(next)).join("\n"), look)));
  }
  return made;
}

function rule() {
  return element("hr");
}

/** The card has headings of its own above those of a text. */
function heading([line], look) {
  const [, { length }, text] = line.match(HEADING);
  return element(`h${Math.min(length + 1, 6)}`, {}, ...inline(text, look));
}

function quote(lines, look) {
  return element("blockquote", {}, ...blocks(lines.map((line) => line.replace(QUOTE, "")), look));
}

function list(lines, look) {
  const entries = [];
  let indent = 0;
  for (const line of lines) {
    const [mark] = line.match(ENTRY) ?? [];
    if (mark) {
      indent = mark.length;
      entries.push([line.slice(indent)]);
    } else entries.at(-1).push(line.slice(indent));
  }
  const name = /^\d/.test(lines[0]) ? "ol" : "ul";
  return element(name, {}, ...entries.map((entry) => element("li", {}, ...blocks(entry, look))));
}

function table(lines, look) {
  const rows = lines.filter((line) => !/^[|\s:-]+$/.test(line)).map((line) => line.match(ROW)[1].split(/(?<!\\)\|/));
  const row = (cells) => element("tr", {}, ...cells.map((cell) => element("td", {}, ...inline(cell.trim(), look))));
  return element("table", {}, ...rows.map(row));
}

function inline(text, look) {
  const made = [];
  let end = 0;
  for (const found of text.matchAll(INLINE)) {
    made.push(text.slice(end, found.index), marked(found.groups, look));
    end = found.index + found[0].length;
  }
  return [...made, text.slice(end)].filter((part) => part !== "");
}

function marked({ lineEnd, mark, code, image, label, leads, url, tag, tagged, strong, em }, look) {
  if (lineEnd) return element("br");
  if (mark) return mark;
  if (code) return element("code", {}, code);
  if (image) return picture({ url: leads, alt: label.replace(/\\(.)/g, "$1") }, look);
  if (leads !== undefined) return element("span", { class: "leads", title: leads }, ...inline(label, look));
  if (url) return element("span", { class: "leads", dir: "ltr" }, url);
  if (tag) return element(tag, {}, ...inline(tagged, look));
  return element(strong ? "strong" : "em", {}, ...inline(strong ?? em, look));
}
