/* The chooser of items: an editable combobox with a listbox popup (ARIA 1.2).
   "key" and "link": the input is the value, below it stands what it names. "keys": a chip for each chosen item. */
(() => {
  const PAUSE_MS = 200;
  const ITEM = "item:";
  const ADDRESS = /^(https?|mailto|tel):/i;

  class ItemChooserController extends window.StimulusModule.Controller {
    static targets = ["value", "chips", "input", "caption", "options", "status"];

    static values = { url: String, mode: String };

    connect() {
      this.active = -1;
      this.found = [];
      this.known = new Map();
      this.options = this.optionsTarget;
      this.options.id ||= `item-chooser-options-${nextNumber()}`;
      this.inputTarget.setAttribute("aria-controls", this.options.id);
      if (!this.inputTarget.labels.length) this.borrowLabel();
      this.show();
    }

    disconnect() {
      clearTimeout(this.waiting);
      this.asking?.abort();
    }

    /* --- the value --------------------------------------------------------------------------------- */

    get isMultiple() {
      return this.modeValue === "keys";
    }

    keys() {
      if (this.isMultiple) return this.valueTarget.value.split(/\s+/).filter(Boolean);
      const text = this.inputTarget.value.trim();
      if (this.modeValue === "key") return text ? [text] : [];
      return text.startsWith(ITEM) && text.length > ITEM.length ? [text.slice(ITEM.length)] : [];
    }

    /* Show what the value names; items not seen before are asked for. */
    async show() {
      const unknown = this.keys().filter((key) => !this.known.has(key));
      if (unknown.length) {
        const items = await this.ask(unknown.map((key) => ["keys", key]));
        if (!items) return;
        unknown.forEach((key) => this.known.set(key, null));
        items.forEach((item) => this.known.set(item.key, item));
      }
      if (this.isMultiple) this.drawChips();
      else this.drawCaption();
    }

    drawCaption() {
      const [key] = this.keys();
      this.captionTarget.hidden = !key;
      if (!key) return;
      const item = this.known.get(key);
      this.captionTarget.classList.toggle("item-chooser__chosen--unknown", !item);
      if (item) this.captionTarget.replaceChildren(...describe(item));
      else this.captionTarget.textContent = this.text("unknown", { key });
    }

    drawChips() {
      const keys = this.keys();
      this.chipsTarget.replaceChildren(...keys.map((key, index) => this.chip(key, index)));
      this.chipsTarget.hidden = !keys.length;
    }

    chip(key, index) {
      const item = this.known.get(key);
      const chip = make("li", { className: "term-chooser__chip", title: key, tabIndex: 0 });
      if (item) chip.append(...describe(item));
      else chip.append(make("code", { className: "term-chooser__code", textContent: key }), this.warning(key));
      const remove = make("button", { type: "button", className: "term-chooser__remove", tabIndex: -1 });
      remove.setAttribute("aria-label", this.text("remove", { item: item ? item.title : key }));
      remove.addEventListener("click", () => this.remove(index));
      chip.append(remove);
      chip.addEventListener("keydown", (event) => this.chipKey(event, index));
      return chip;
    }

    warning(key) {
      return make("span", { className: "item-chooser__chosen--unknown", textContent: this.text("unknown", { key }) });
    }

    choose(item) {
      this.known.set(item.key, item);
      if (this.isMultiple) {
        this.change([...this.keys().filter((key) => key !== item.key), item.key]);
        this.inputTarget.value = "";
      } else {
        this.inputTarget.value = this.modeValue === "link" ? ITEM + item.key : item.key;
        tell(this.inputTarget, this);
        this.drawCaption();
      }
      this.say("added", { item: item.title });
      this.close();
    }

    /* A key typed without choosing counts as well. */
    async takeTyped() {
      const typed = this.inputTarget.value.trim().split(/\s+/).filter(Boolean);
      this.inputTarget.value = "";
      this.close();
      this.change([...new Set([...this.keys(), ...typed])]);
      await this.show();
    }

    change(keys) {
      this.valueTarget.value = keys.join(" ");
      tell(this.valueTarget, this);
      this.drawChips();
    }

    remove(index) {
      const keys = this.keys();
      const [key] = keys.splice(index, 1);
      this.change(keys);
      this.say("removed", { item: this.known.get(key)?.title || key });
      (this.chipsTarget.children[Math.max(0, index - 1)] || this.inputTarget).focus();
    }

    move(index, place) {
      const keys = this.keys();
      if (place < 0 || place >= keys.length) return;
      const [key] = keys.splice(index, 1);
      keys.splice(place, 0, key);
      this.change(keys);
      this.chipsTarget.children[place].focus();
      this.say("moved", { item: this.known.get(key)?.title || key, place: place + 1 });
    }

    chipKey(event, index) {
      if (event.target !== event.currentTarget) return;
      const isForward = getComputedStyle(this.element).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
      if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
        const step = event.key === isForward ? 1 : -1;
        const next = this.chipsTarget.children[index + step] || (step > 0 ? this.inputTarget : event.currentTarget);
        if (event.altKey) this.move(index, index + step);
        else next.focus();
      } else if (event.key === "Backspace" || event.key === "Delete") {
        this.remove(index);
      } else {
        return;
      }
      event.preventDefault();
    }

    /* --- combobox ---------------------------------------------------------------------------------- */

    focus() {
      this.element.dataset.focused = "";
    }

    blur() {
      delete this.element.dataset.focused;
      if (this.isMultiple && this.inputTarget.value.includes("/")) this.takeTyped();
      else this.close();
      if (!this.isMultiple) this.show();
    }

    open() {
      if (this.options.hidden) this.search();
    }

    type(event) {
      if (event.detail?.chooser === this) return;
      clearTimeout(this.waiting);
      this.waiting = setTimeout(() => this.search(), PAUSE_MS);
    }

    query() {
      const text = this.inputTarget.value.trim();
      if (this.modeValue !== "link") return text;
      if (text.startsWith(ITEM)) return text.slice(ITEM.length);
      return !text || ADDRESS.test(text) ? null : text;
    }

    async search() {
      clearTimeout(this.waiting);
      const query = this.query();
      if (query === null) return this.close();
      const items = await this.ask([["q", query]]);
      if (!items || document.activeElement !== this.inputTarget) return undefined;
      this.found = this.isMultiple ? items.filter((item) => !this.keys().includes(item.key)) : items;
      this.options.replaceChildren(...this.found.map((item, index) => this.option(item, index)));
      if (!this.found.length) this.options.append(this.noOption());
      this.options.hidden = false;
      this.inputTarget.setAttribute("aria-expanded", "true");
      this.activate(-1);
      this.say(this.found.length ? "found" : "none", { count: this.found.length });
      return undefined;
    }

    option(item, index) {
      const option = make("li", { className: "term-chooser__option", id: `${this.options.id}-${index}` });
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.append(...describe(item));
      option.addEventListener("mousedown", (event) => event.preventDefault()); // keep the focus in the input
      option.addEventListener("click", () => this.choose(item));
      option.addEventListener("mousemove", () => this.active !== index && this.activate(index));
      return option;
    }

    noOption() {
      const option = make("li", { className: "term-chooser__none", textContent: this.text("none") });
      option.setAttribute("role", "option");
      option.setAttribute("aria-disabled", "true");
      return option;
    }

    activate(index) {
      this.active = index;
      const options = [...this.options.querySelectorAll(".term-chooser__option")];
      options.forEach((option, number) => option.setAttribute("aria-selected", String(number === index)));
      const option = options[index];
      if (option) this.inputTarget.setAttribute("aria-activedescendant", option.id);
      else this.inputTarget.removeAttribute("aria-activedescendant");
      option?.scrollIntoView({ block: "nearest" });
    }

    close() {
      clearTimeout(this.waiting);
      this.asking?.abort();
      this.options.hidden = true;
      this.options.replaceChildren();
      this.inputTarget.setAttribute("aria-expanded", "false");
      this.activate(-1);
    }

    key(event) {
      if (event.isComposing) return; // an input method is choosing a character
      const isOpen = !this.options.hidden;
      const last = this.found.length - 1;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        const isDown = event.key === "ArrowDown";
        if (!isOpen) this.search();
        else if (isDown) this.activate(this.active >= last ? 0 : this.active + 1);
        else this.activate(this.active <= 0 ? last : this.active - 1);
      } else if (event.key === "Enter") {
        if (isOpen && this.found[this.active]) this.choose(this.found[this.active]);
        else if (this.isMultiple && this.inputTarget.value.trim()) this.takeTyped();
        else this.close();
      } else if (event.key === "Escape") {
        if (!isOpen) return;
        this.close();
        event.stopPropagation(); // a dialogue around the form stays open
      } else if (event.key === "Backspace" && this.isMultiple && !this.inputTarget.value && this.keys().length) {
        this.remove(this.keys().length - 1);
        this.inputTarget.focus();
      } else {
        return;
      }
      event.preventDefault();
    }

    /* --- helpers ----------------------------------------------------------------------------------- */

    async ask(parameters) {
      this.asking?.abort();
      this.asking = new AbortController();
      try {
        const address = `${this.urlValue}?${new URLSearchParams(parameters)}`;
        const headers = { Accept: "application/json" };
        const answer = await fetch(address, { headers, signal: this.asking.signal, credentials: "same-origin" });
        if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
        return (await answer.json()).items;
      } catch (error) {
        if (error.name !== "AbortError") this.say("failed");
        return null;
      }
    }

    borrowLabel() {
      const label = this.element.closest("[data-field]")?.querySelector("label, [data-field-label]");
      if (!label) return;
      label.id ||= `item-chooser-label-${nextNumber()}`;
      this.inputTarget.setAttribute("aria-labelledby", label.id);
    }

    text(name, values = {}) {
      const text = this.element.dataset[`${name}Text`] || "";
      return Object.entries(values).reduce((told, [key, value]) => told.replace(`%(${key})s`, value), text);
    }

    say(name, values) {
      this.statusTarget.textContent = this.text(name, values);
    }
  }

  let number = 0;

  function nextNumber() {
    number += 1;
    return number;
  }

  function describe(item) {
    const title = make("span", { className: "term-chooser__label", dir: "auto", lang: item.language });
    title.textContent = item.title;
    const code = make("code", { className: "term-chooser__code", dir: "ltr", textContent: item.key });
    const about = make("span", { className: "term-chooser__path item-chooser__about" });
    about.append(item.type, ...item.locales.map(localeChip));
    return [title, code, about];
  }

  function localeChip({ code, state, label }) {
    const chip = make("span", { className: `content-chip content-chip--${state}`, title: label });
    chip.append(make("span", { className: "content-chip__tag", textContent: code }));
    chip.append(make("span", { className: "w-sr-only", textContent: label }));
    return chip;
  }

  /* The form hears of a change that no key press made: unsaved changes and autosave depend on it. */
  function tell(input, chooser) {
    input.dispatchEvent(new CustomEvent("input", { bubbles: true, detail: { chooser } }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function make(tag, properties) {
    return Object.assign(document.createElement(tag), properties);
  }

  window.wagtail.app.register("content-item-chooser", ItemChooserController);
})();
