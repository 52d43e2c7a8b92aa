/** What each kind of channel looks like: functions from a rendition's fields to elements. */

import { cut, element, there } from "./dom.js";
import { Fields, lines } from "./shapes.js";
import { countSms } from "./sms.js";
import { say } from "./words.js";

const SUBJECT = 42; // characters of a subject that a telephone's mail program shows
const PREHEADER = 70;

function headed(fields) {
  const text = fields.text("title");
  return text && element("h3", {}, text);
}

function strong(text) {
  return text && element("strong", {}, text);
}

function button(label) {
  return label && element("span", { class: "button" }, label);
}

function small(text) {
  return text && element("p", { class: "legal" }, text);
}

/** A text that is there beside what shows the same better. */
function aside(text) {
  return text && element("details", {}, element("summary", {}, say("plainText")), element("pre", {}, text));
}

function web(fields) {
  const [image, title, lead] = [fields.draw("image"), headed(fields), fields.text("description")];
  const shown = [image, title, lead && element("p", { class: "lead" }, lead), fields.draw("body")];
  return [...shown, button(fields.text("link_label")), fields.draw("link")];
}

function email(fields) {
  const inbox = [
    element("strong", {}, cut(fields.text("subject") ?? "", SUBJECT)),
    element("span", {}, cut(fields.text("preheader") ?? "", PREHEADER)),
  ];
  return [element("div", { class: "inbox" }, ...inbox), fields.draw("html"), aside(fields.text("text"))];
}

function mobile(fields) {
  if (fields.names.join() === "text") return sms(fields);
  const shown = [fields.draw("image"), strong(fields.text("title")), fields.draw("body")];
  return element("div", { class: "notice" }, ...shown, button(fields.text("link_label")), fields.draw("link"));
}

function sms(fields) {
  const { encoding, units, segments } = countSms(fields.look.longest.text ?? ""); // as dear as it may become
  const parts = say(segments === 1 ? "smsPart" : "smsParts", { parts: segments, units, encoding });
  return [
    element("div", { class: "bubble" }, fields.draw("text")),
    element("p", { class: "measure", lang: "en", dir: "ltr" }, parts),
  ];
}

function social(fields) {
  return [fields.draw("text"), fields.draw("image"), fields.draw("link")];
}

function messaging(fields) {
  return element("div", { class: "bubble" }, ...there(social(fields)), button(fields.text("link_label")));
}

function screen(fields) {
  return element("div", { class: "screen" }, fields.draw("image"), headed(fields), fields.draw("body"));
}

function voice(fields) {
  const text = fields.text("text");
  const said = text && element("blockquote", { class: "spoken" }, ...lines(text));
  const [spoken, source] = [fields.draw("ssml")].flat();
  return [said ?? spoken, source];
}

function script(fields) {
  return [headed(fields), fields.draw("script"), small(fields.text("legal")), fields.draw("link")];
}

/** Paper is white in every look. */
function print(fields) {
  fields.look = { ...fields.look, dark: false };
  const [image, title, body] = [fields.draw("image"), headed(fields), fields.draw("body")];
  const text = body ? aside(fields.text("text")) : fields.draw("text");
  return element("div", { class: "sheet" }, image, title, body, text, small(fields.text("legal")), fields.draw("link"));
}

const FRAMES = { web, email, mobile, sms, social, store: screen, voice, messaging, "call-centre": script, print };

/**
 * Return the elements that show a rendition: its fields as the kind of the channel has them, and below those that this
 * kind does not know. `look` is `{dark, bare, longest}`, with the fields at their longest.
 */
export function frame({ kind }, values, shapes, look) {
  const fields = new Fields(values, shapes, look);
  const framed = FRAMES[kind]?.(fields);
  return there([framed, fields.rest()].flat());
}
