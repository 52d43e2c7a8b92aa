/** What each kind of channel looks like: functions from a rendition's fields to elements. */

import { address, cut, element, isolated, picture, there } from "./dom.js";
import { countSms } from "./sms.js";
import { say } from "./words.js";

const SUBJECT = 42; // characters of a subject that a telephone's mail program shows
const PREHEADER = 70;

function button(label) {
  return label ? element("span", { class: "button" }, label) : null;
}

function lines(text) {
  return (text ?? "").split("\n").map((line) => element("p", {}, line));
}

function web({ title, description, body, image, link, link_label: label }, look) {
  const page = typeof body === "string" ? isolated(page_of(body, look), say("body")) : null;
  return [
    picture(image, look),
    title && element("h3", {}, title),
    description && element("p", { class: "lead" }, description),
    page,
    button(label),
    address(link),
  ];
}

function email({ subject, preheader, html, text }, look) {
  return [
    element(
      "div",
      { class: "inbox" },
      element("strong", {}, cut(subject ?? "", SUBJECT)),
      element("span", {}, cut(preheader ?? "", PREHEADER)),
    ),
    html && isolated(html, say("email")),
    text && element("details", {}, element("summary", {}, say("plainText")), element("pre", {}, text)),
  ];
}

function mobile({ title, body, image, link, link_label: label }, look) {
  return element(
    "div",
    { class: "notice" },
    picture(image, look),
    title && element("strong", {}, title),
    ...lines(body),
    button(label),
    address(link),
  );
}

function sms({ text }, { longest }) {
  const { encoding, units, segments } = countSms(longest.text ?? ""); // as dear as it may become
  const parts = say(segments === 1 ? "smsPart" : "smsParts", { parts: segments, units, encoding });
  return [
    element("div", { class: "bubble" }, ...lines(text)),
    element("p", { class: "measure", lang: "en", dir: "ltr" }, parts),
  ];
}

function social({ text, image, link }, look) {
  return [...lines(text), picture(image, look), address(link)];
}

function screen({ title, body, image }, look) {
  return element("div", { class: "screen" }, picture(image, look), title && element("h3", {}, title), ...lines(body));
}

function voice({ ssml, text }) {
  return [
    element("blockquote", { class: "spoken" }, ...lines(text ?? spoken(ssml))),
    ssml && element("details", {}, element("summary", {}, "SSML"), element("pre", { dir: "ltr" }, ssml)),
  ];
}

function script({ title, script: said, legal, link }) {
  return [
    title && element("h3", {}, title),
    ...lines(said),
    legal && element("p", { class: "legal" }, legal),
    address(link),
  ];
}

function print({ title, body, text, image, legal, link }, look) {
  return element(
    "div",
    { class: "sheet" },
    picture(image, look),
    title && element("h3", {}, title),
    typeof body === "string" ? isolated(page_of(body, { ...look, dark: false }), say("body")) : lines(text),
    legal && element("p", { class: "legal" }, legal),
    address(link),
  );
}

/** Whatever fields a channel of an unknown kind has, one below the other. */
function fields(all, look) {
  return Object.entries(all).map(([name, value]) =>
    element(
      "div",
      { class: "field" },
      element("span", { class: "field__name" }, name),
      value?.url ? picture(value, look) : element("p", {}, typeof value === "string" ? value : JSON.stringify(value)),
    ),
  );
}

const FRAMES = {
  web,
  email,
  mobile,
  sms,
  social,
  store: screen,
  voice,
  messaging: (all, look) => element("div", { class: "bubble" }, social(all, look), button(all.link_label)),
  "call-centre": script,
  print,
};

/** Return the elements that show a rendition's fields; `look` is `{dark, bare, longest}`, with the fields at their longest. */
export function frame(channel, all, look) {
  const kept = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
  const only = Object.keys(kept).join();
  const make = channel.kind === "mobile" && only === "text" ? sms : (FRAMES[channel.kind] ?? fields);
  return there([make(kept, look)]);
}

function spoken(ssml) {
  return new DOMParser().parseFromString(ssml ?? "<speak/>", "application/xml").documentElement.textContent;
}

function page_of(html, { dark }) {
  const colours = dark ? "background:#16181d;color:#e8e8ea" : "background:#fff;color:#1c1b22";
  return `<!doctype html><meta charset="utf-8"><style>body{${colours};margin:12px;font:15px/1.5 system-ui,sans-serif;
    overflow-wrap:anywhere}img{max-width:100%;height:auto}</style><div dir="auto">${html}</div>`;
}
