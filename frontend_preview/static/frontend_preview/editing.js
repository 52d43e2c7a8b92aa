/** Writing in a card: the texts that feed a channel, saved as a draft of the channel's version whenever typing pauses. */

import { DeskError } from "./desk.js";
import { element } from "./dom.js";
import { say, sayParts } from "./words.js";

const PAUSE = 400; // milliseconds without a key

export class Editor {
  /** `look` is `{lang, dir}` of what is written; `saved` is called after each save. */
  constructor(desk, where, { look, saved }) {
    Object.assign(this, { desk, where, look, saved });
    this.rows = new Map();
    this.waiting = new Map(); // by field: what is typed and not sent yet; null gives the field back
    this.isOvertaken = false; // somebody else has written meanwhile: it is for the writer to go on, or to leave
    this.told = element("p", { class: "editor__told", role: "status" }, say("opening"));
    this.others = element("p", { class: "editor__others", role: "status", hidden: true });
    this.list = element("div");
    this.element = element("div", { class: "editor" }, this.others, this.list, this.told);
  }

  /** `isFocused`: it is opened to be written in at once, and not while something is typed elsewhere. */
  async open({ isFocused }) {
    await this.trying(async () => {
      this.take(await this.desk.read(this.where));
      if (isFocused) this.rows.values().next().value?.input.focus();
    });
  }

  /** Send what was typed last; where somebody else has written meanwhile, theirs stays. */
  async close() {
    if (this.isOvertaken) this.waiting.clear();
    await this.send();
  }

  take(card) {
    this.card = card;
    const names = new Set(card.texts.map((text) => text.name));
    for (const [name, row] of this.rows) {
      if (!names.has(name) && !row.element.contains(document.activeElement)) {
        row.element.remove();
        this.rows.delete(name);
      }
    }
    let before = null;
    for (const text of card.texts) {
      const row = this.rows.get(text.name) ?? this.row(text, before);
      this.fill(row, text);
      before = row.element;
    }
    this.tell();
  }

  /** Say where the readers who are looked for get another version than everybody on the channel. */
  compare(givers) {
    const { feeds = {} } = this.card ?? {};
    const others = givers.filter(({ field, variant }) => field in feeds && feeds[field] !== variant);
    const versions = [...new Set(others.map(({ variant }) => variant))].join(", ");
    this.others.textContent = say("othersGet", { versions });
    this.others.hidden = !versions;
  }

  row({ name, label, maximum }, before) {
    const id = `${this.where.channel}-${name}`.replace(/\W/g, "-");
    const input = element("textarea", { id, rows: 2, maxlength: maximum, ...this.look, spellcheck: "true" });
    const from = element("span", { class: "editor__from" });
    const back = element("button", { type: "button", class: "quiet" });
    const head = element("div", { class: "editor__head" }, element("label", { for: id }, label), from, back);
    const row = { name, input, from, back, element: element("div", { class: "editor__text" }, head, input) };
    input.addEventListener("input", () => this.later(name, input.value));
    input.addEventListener("blur", () => this.send());
    back.addEventListener("click", () => {
      this.isOvertaken = false;
      this.waiting.set(name, null);
      this.send().then(() => input.focus());
    });
    if (before) before.after(row.element);
    else this.list.prepend(row.element);
    this.rows.set(name, row);
    return row;
  }

  fill(row, { name, value, isOwn, giver }) {
    if (!this.waiting.has(name) && row.input.value !== value) row.input.value = value;
    const inherited = giver ? say("inheritedOf", { version: giver }) : say("inherited");
    row.from.textContent = isOwn ? say("own") : inherited;
    row.back.textContent = giver ? say("giveBackTo", { version: giver }) : say("giveBack");
    row.back.hidden = !isOwn;
  }

  later(name, text) {
    this.isOvertaken = false;
    this.waiting.set(name, text);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), PAUSE);
  }

  /** Send what waits, one request after the other: each is written over what the one before has saved. */
  send() {
    clearTimeout(this.timer);
    this.sending = (this.sending ?? Promise.resolve()).then(() => this.trying(() => this.sendAll()));
    return this.sending;
  }

  async sendAll() {
    if (!this.waiting.size || this.isOvertaken) return;
    while (this.waiting.size) {
      const [name, text] = this.waiting.entries().next().value;
      this.told.textContent = say("saving");
      const card = await this.desk.write(this.where, { field: name, text, seen: this.card.revision, own: this.own });
      if (this.waiting.get(name) === text) this.waiting.delete(name);
      this.own = card.revision;
      this.take(card);
    }
    this.saved();
  }

  async trying(act) {
    try {
      await act();
      this.element.classList.remove("editor--failed");
    } catch (error) {
      this.element.classList.add("editor--failed");
      if (error.status === 409) {
        this.isOvertaken = true;
        this.take(await this.desk.read(this.where));
      }
      this.told.textContent = error instanceof DeskError ? error.message : say("typeOn");
      if (!(error instanceof DeskError || error instanceof TypeError)) throw error;
    }
  }

  tell() {
    const { version, texts } = this.card;
    if (!texts.length) {
      this.told.textContent = say("noTexts");
    } else if (!version) {
      this.told.textContent = say("alone");
    } else {
      const link = element("a", { href: version.address, target: "_blank", rel: "noopener" }, version.code);
      this.told.replaceChildren(...sayParts(this.own ? "saved" : "versionIs", { version: link }));
    }
  }
}
