/* The chooser of terms: an editable combobox with a listbox popup (ARIA 1.2) and a chip for each chosen term.
   The hidden input holds the ids; it tells the form of every change, so unsaved-changes and autosave see it. */
(() => {
  const PAUSE_MS = 150;

  class TermChooserController extends window.StimulusModule.Controller {
    static targets = ["value", "chips", "input", "options", "status"];

    static values = { url: String, facet: String, multiple: Boolean, ordered: Boolean, retired: Boolean };

    connect() {
      this.active = -1;
      this.found = [];
      this.element.toggleAttribute("data-single", !this.multipleValue);
      if (!this.inputTarget.labels.length) this.borrowLabel();
      if (!this.optionsTarget.id) this.nameOptions();
      const terms = [...this.chipsTarget.children].map((chip) => termOf(chip));
      this.draw(terms);
      this.onAdd = ({ detail }) => this.add(detail); // a button beside the chooser adds a term
      this.element.addEventListener("term-chooser:add", this.onAdd);
      if (this.ids().join() !== terms.map((term) => term.id).join()) this.fetchChosen();
    }

    disconnect() {
      this.element.removeEventListener("term-chooser:add", this.onAdd);
      clearTimeout(this.waiting);
      this.asking?.abort();
    }

    /* --- chosen terms ------------------------------------------------------------------------------ */

    ids() {
      return this.valueTarget.value.split(",").filter(Boolean);
    }

    terms() {
      return [...this.chipsTarget.querySelectorAll("[data-chip]")].map((chip) => termOf(chip));
    }

    /* A block made in the browser gets its value without chips: ask for them. */
    async fetchChosen() {
      const ids = this.ids();
      if (!ids.length) return this.draw([]);
      const terms = await this.ask({ ids: ids.join() });
      if (terms && this.ids().join() === ids.join()) this.draw(terms);
      return undefined;
    }

    draw(terms) {
      this.chipsTarget.replaceChildren(...terms.map((term, index) => this.chip(term, index, terms.length)));
      this.chipsTarget.hidden = !terms.length;
    }

    chip(term, index, count) {
      const chip = make("li", { className: "term-chooser__chip", title: term.code, tabIndex: 0 });
      chip.setAttribute("aria-description", this.text(this.orderedValue ? "help" : "help-unordered"));
      Object.assign(chip.dataset, { chip: "", ...term });
      if (!term.retired) delete chip.dataset.retired;
      const label = make("span", { className: "term-chooser__label", dir: "auto", textContent: term.label });
      label.lang = term.language;
      chip.append(label);
      if (term.path) chip.append(make("span", { className: "term-chooser__path", dir: "auto", textContent: term.path }));
      if (term.retired) chip.append(this.badge("retired"));
      if (this.orderedValue && index === 0 && count > 1) chip.append(this.badge("primary"));
      const remove = make("button", { type: "button", className: "term-chooser__remove", tabIndex: -1 });
      remove.setAttribute("aria-label", this.text("remove", { term: term.label }));
      remove.addEventListener("click", () => this.remove(chip));
      chip.append(remove);
      if (this.orderedValue) this.makeMovable(chip);
      chip.addEventListener("keydown", (event) => this.chipKey(event, chip));
      return chip;
    }

    badge(name) {
      return make("span", { className: `term-chooser__badge term-chooser__badge--${name}`, textContent: this.text(name) });
    }

    add(term) {
      const terms = this.multipleValue ? this.terms().filter((other) => other.id !== term.id) : [];
      this.change([...terms, term]);
      this.say("added", { term: term.label });
      this.inputTarget.value = "";
      this.close();
    }

    remove(chip) {
      const index = [...this.chipsTarget.children].indexOf(chip);
      const { label } = chip.dataset;
      this.change(this.terms().filter((term) => term.id !== chip.dataset.id));
      this.say("removed", { term: label });
      (this.chipsTarget.children[Math.max(0, index - 1)] || this.inputTarget).focus();
    }

    move(chip, place) {
      const terms = this.terms();
      const from = terms.findIndex((term) => term.id === chip.dataset.id);
      const to = Math.max(0, Math.min(terms.length - 1, place));
      if (from === to) return;
      const [term] = terms.splice(from, 1);
      terms.splice(to, 0, term);
      this.change(terms);
      this.chipsTarget.children[to].focus();
      this.say("moved", { term: term.label, place: to + 1 });
    }

    change(terms) {
      this.draw(terms);
      this.valueTarget.value = terms.map((term) => term.id).join(",");
      this.valueTarget.dispatchEvent(new Event("input", { bubbles: true }));
      this.valueTarget.dispatchEvent(new Event("change", { bubbles: true }));
    }

    chipKey(event, chip) {
      if (event.target !== chip) return;
      const chips = [...this.chipsTarget.children];
      const index = chips.indexOf(chip);
      const forward = getComputedStyle(this.element).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
      if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
        const step = event.key === forward ? 1 : -1;
        if (event.altKey && this.orderedValue) this.move(chip, index + step);
        else if (!event.altKey) (chips[index + step] || (step > 0 ? this.inputTarget : chip)).focus();
      } else if (event.key === "Backspace" || event.key === "Delete") {
        this.remove(chip);
      } else {
        return;
      }
      event.preventDefault();
    }

    makeMovable(chip) {
      chip.draggable = true;
      chip.addEventListener("dragstart", (event) => {
        this.dragged = chip;
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", chip.dataset.code);
      });
      chip.addEventListener("dragend", () => {
        this.dragged = null;
      });
      chip.addEventListener("dragover", (event) => {
        if (this.dragged && this.dragged !== chip) event.preventDefault();
      });
      chip.addEventListener("drop", (event) => {
        if (!this.dragged || this.dragged === chip) return;
        event.preventDefault();
        this.move(this.dragged, [...this.chipsTarget.children].indexOf(chip));
      });
    }

    /* --- combobox ---------------------------------------------------------------------------------- */

    focus() {
      this.element.dataset.focused = "";
    }

    blur() {
      delete this.element.dataset.focused;
      this.close();
    }

    open() {
      if (this.optionsTarget.hidden) this.search();
    }

    type() {
      clearTimeout(this.waiting);
      this.waiting = setTimeout(() => this.search(), PAUSE_MS);
    }

    async search() {
      clearTimeout(this.waiting);
      const retired = this.retiredValue ? { retired: "1" } : {};
      const terms = await this.ask({ facet: this.facetValue, q: this.inputTarget.value, ...retired });
      if (!terms || document.activeElement !== this.inputTarget) return;
      const chosen = this.ids();
      this.found = terms.filter((term) => !chosen.includes(term.id));
      this.optionsTarget.replaceChildren(...this.found.map((term, index) => this.option(term, index)));
      if (!this.found.length) this.optionsTarget.append(this.noOption());
      this.optionsTarget.hidden = false;
      this.optionsTarget.scrollIntoView({ block: "nearest" });
      this.inputTarget.setAttribute("aria-expanded", "true");
      this.activate(this.found.length && this.inputTarget.value ? 0 : -1);
      this.say(this.found.length ? "found" : "none", { count: this.found.length });
    }

    option(term, index) {
      const option = make("li", { className: "term-chooser__option", id: `${this.optionsTarget.id}-${index}` });
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      const label = make("span", { className: "term-chooser__label", dir: "auto", textContent: term.label });
      label.lang = term.language;
      option.append(label, make("code", { className: "term-chooser__code", dir: "ltr", textContent: term.code }));
      if (term.retired) option.append(this.badge("retired"));
      if (term.path) option.append(make("span", { className: "term-chooser__path", dir: "auto", textContent: term.path }));
      if (term.hint) option.append(make("span", { className: "term-chooser__hint", dir: "auto", textContent: term.hint }));
      option.addEventListener("mousedown", (event) => event.preventDefault()); // keep the focus in the input
      option.addEventListener("click", () => this.add(term));
      option.addEventListener("mousemove", () => this.active !== index && this.activate(index, false));
      return option;
    }

    noOption() {
      const option = make("li", { className: "term-chooser__none", textContent: this.text("none") });
      option.setAttribute("role", "option");
      option.setAttribute("aria-disabled", "true");
      return option;
    }

    activate(index, isScrolled = true) {
      this.active = index;
      const options = [...this.optionsTarget.querySelectorAll(".term-chooser__option")];
      options.forEach((option, number) => option.setAttribute("aria-selected", String(number === index)));
      const option = options[index];
      if (option) this.inputTarget.setAttribute("aria-activedescendant", option.id);
      else this.inputTarget.removeAttribute("aria-activedescendant");
      if (option && isScrolled) option.scrollIntoView({ block: "nearest" });
    }

    close() {
      clearTimeout(this.waiting);
      this.asking?.abort();
      this.optionsTarget.hidden = true;
      this.optionsTarget.replaceChildren();
      this.inputTarget.setAttribute("aria-expanded", "false");
      this.activate(-1);
    }

    key(event) {
      if (event.isComposing) return; // an input method is choosing a character
      const isOpen = !this.optionsTarget.hidden;
      const last = this.found.length - 1;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        const down = event.key === "ArrowDown";
        if (!isOpen) this.search();
        else if (down) this.activate(this.active >= last ? 0 : this.active + 1);
        else this.activate(this.active <= 0 ? last : this.active - 1);
      } else if (event.key === "Enter") {
        if (isOpen && this.found[this.active]) this.add(this.found[this.active]);
      } else if (event.key === "Escape") {
        if (!isOpen && !this.inputTarget.value) return;
        if (!isOpen) this.inputTarget.value = "";
        this.close();
        event.stopPropagation(); // a dialogue around the form stays open
      } else if (event.key === "Backspace" && !this.inputTarget.value) {
        const chip = this.chipsTarget.lastElementChild;
        if (chip) this.remove(chip);
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
        const { terms } = await answer.json();
        return terms.map((term) => ({ ...term, id: String(term.id), retired: term.retired ? "1" : "" }));
      } catch (error) {
        if (error.name !== "AbortError") this.say("failed");
        return null;
      }
    }

    borrowLabel() {
      const label = this.element.closest("[data-field]")?.querySelector("label, [data-field-label]");
      if (!label) return;
      label.id ||= `term-chooser-label-${nextNumber()}`;
      this.inputTarget.setAttribute("aria-labelledby", label.id);
    }

    nameOptions() {
      this.optionsTarget.id = `term-chooser-options-${nextNumber()}`;
      this.inputTarget.setAttribute("aria-controls", this.optionsTarget.id);
    }

    text(name, values = {}) {
      const text = this.element.getAttribute(`data-text-${name}`) || "";
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

  function termOf(chip) {
    const { id, code, label, language, path, hint, retired } = chip.dataset;
    return { id, code, label, language, path, hint, retired: retired === undefined ? "" : "1" };
  }

  function make(tag, properties) {
    return Object.assign(document.createElement(tag), properties);
  }

  window.wagtail.app.register("taxonomy-term-chooser", TermChooserController);
})();
