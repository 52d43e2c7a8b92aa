/** One channel's card: what it shows, whether it fits, and where it may be, a place to write in. */

import { element } from "./dom.js";
import { Editor } from "./editing.js";
import { frame } from "./frames.js";
import { say } from "./words.js";

const LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmütze ";

export class Card {
  /**
   * `desk` is where the card may be written in, or null; `saved` is called after each save, `turned` when it opens or
   * closes, `opened` when there is something to write in.
   */
  constructor(channel, { desk, saved, turned, opened }) {
    Object.assign(this, { channel, desk, saved, turned, opened });
    const name = channel.code.replace(/\W/g, "-");
    this.mark = element("span");
    this.pen = desk && element("button", { type: "button", class: "quiet", "aria-expanded": "false" }, say("write"));
    this.pen?.setAttribute("aria-label", say("writeFor", { channel: channel.label }));
    this.pen?.addEventListener("click", () => (this.isOpen ? this.close() : this.open()));
    this.head = element("header", { class: "card__head" }, element("h2", { id: `card-${name}` }, channel.label), this.mark, this.pen);
    this.body = element("div", { class: "card__body" });
    this.findings = element("ul", { class: "findings" });
    this.element = element(
      "article",
      { class: `card card--${channel.kind}`, "aria-labelledby": `card-${name}`, "data-channel": channel.code },
      this.head,
      this.body,
      this.findings,
    );
  }

  get isOpen() {
    return this.pen?.getAttribute("aria-expanded") === "true";
  }

  /**
   * Show a rendition; `where` is `{key, locale}` of the item, `look` is `{dark, bare, long}`. `refusal` says why nothing
   * may be written in it, null: it may.
   */
  show({ fields, shapes, fits, findings, personalTokens }, { where, locale, look, refusal }) {
    if (this.isOpen && (refusal !== this.refusal || this.where.locale !== where.locale)) this.close();
    Object.assign(this, { where, locale, refusal });
    const mark = markOf(fits, findings);
    this.mark.className = `mark mark--${mark}`;
    this.mark.textContent = say(mark);
    this.body.lang = locale.code;
    this.body.dir = locale.direction.toLowerCase();
    this.body.replaceChildren(...this.shown(fields, shapes, personalTokens, look));
    this.findings.hidden = !findings.length;
    this.findings.replaceChildren(...findings.map(finding));
  }

  shown(fields, shapes, tokens, look) {
    const lengthen = look.long ? (same) => lengthened(same, shapes) : (same) => same;
    const samples = lengthen(withValues(fields, tokens, ({ sample }) => sample));
    const longest = lengthen(withValues(fields, tokens, longestOf));
    const isEmpty = Object.values(fields).every((value) => value === null || value === "");
    if (isEmpty) return [element("p", { class: "empty", lang: document.documentElement.lang, dir: "ltr" }, say("empty"))];
    return frame(this.channel, samples, shapes, { ...look, longest });
  }

  open({ isFocused = true } = {}) {
    this.turn(true);
    if (this.refusal) {
      this.note = element("p", { class: "editor editor__told", role: "status" }, this.refusal);
      this.head.after(this.note);
      return;
    }
    const look = { lang: this.locale.code, dir: this.locale.direction.toLowerCase() };
    this.editor = new Editor(this.desk, { ...this.where, channel: this.channel.code }, { look, saved: this.saved });
    this.head.after(this.editor.element);
    this.editor.open({ isFocused }).then(() => this.opened(this));
  }

  turn(isOpen) {
    this.pen.setAttribute("aria-expanded", isOpen);
    this.turned();
  }

  /** Take the editor away once what was typed in it is saved; where that fails it stays, with the text. */
  async close() {
    const { editor, note } = this;
    note?.remove();
    this.note = null;
    if (!editor) {
      this.turn(false);
      return;
    }
    await editor.close();
    if (editor.waiting.size && this.where.locale === editor.where.locale) return;
    editor.element.remove();
    if (this.editor !== editor) return;
    this.editor = null;
    this.turn(false);
    this.pen.focus();
  }
}

function markOf(fits, findings) {
  if (!fits) return "fails";
  return findings.length > 0 ? "warns" : "fits";
}

function finding({ field, message, severity }) {
  return element("li", { class: `finding finding--${severity.toLowerCase()}` }, `${severity === "ERROR" ? "✕" : "!"} ${field}: ${message}`);
}

/** Return fields with a value in the place of each personal token; it holds nothing that HTML would read. */
function withValues(value, tokens, valueOf) {
  if (typeof value === "string") {
    return tokens.reduce((text, token) => text.replaceAll(`{{${token.code}}}`, valueOf(token)), value);
  }
  if (Array.isArray(value)) return value.map((one) => withValues(one, tokens, valueOf));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withValues(one, tokens, valueOf)]));
}

/** Return a value as long as may be, of the sample's characters: what channels measure a text with. */
function longestOf({ sample, maxLength }) {
  const letters = [...sample];
  return Array.from({ length: letters.length && maxLength }, (_, place) => letters[place % letters.length]).join("");
}

function lengthened(fields, shapes) {
  const isText = ([name, value]) => shapes[name] === "plain" && value;
  return Object.fromEntries(Object.entries(fields).map((field) => (isText(field) ? [field[0], LONG + field[1]] : field)));
}
