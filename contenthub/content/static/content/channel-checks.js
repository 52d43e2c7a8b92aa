/* How a piece fits its channels: asked for anew after each automatic save; what is open stays open. */
(() => {
  class ChannelChecksController extends window.StimulusModule.Controller {
    static targets = ["table", "item", "itemTable"];

    static values = { url: String, itemUrl: String };

    disconnect() {
      this.asking?.abort();
    }

    async refresh() {
      this.asking?.abort();
      this.asking = new AbortController();
      await this.fill(this.tableTarget, this.urlValue);
      await this.refreshItem();
    }

    /** Ask about all languages and versions, as long as they are looked at. */
    async refreshItem() {
      if (!this.itemTarget.open) return;
      this.asking ??= new AbortController();
      await this.fill(this.itemTableTarget, this.itemUrlValue);
      this.itemTableTarget.setAttribute("aria-busy", "false");
    }

    async fill(target, url) {
      try {
        const answer = await fetch(url, { signal: this.asking.signal, credentials: "same-origin" });
        if (answer.ok) this.show(target, await answer.text());
      } catch (error) {
        if (error.name !== "AbortError") throw error;
      }
    }

    show(target, html) {
      const open = new Set([...target.querySelectorAll("details[open]")].map(nameOf));
      target.innerHTML = html;
      for (const details of target.querySelectorAll("details")) details.open = open.has(nameOf(details));
    }

    /** Go to the field of the form in which something can be mended. */
    mend({ params }) {
      const found = inputOf(params.field);
      if (!found) return;
      const section = found.closest(".w-panel");
      const toggle = section?.querySelector("[data-panel-toggle][aria-expanded=false]");
      toggle?.click();
      found.scrollIntoView({ block: "center" });
      found.focus({ preventScroll: true });
    }
  }

  const INPUTS = {
    headline: "#id_headline",
    summary: "#id_summary",
    callToAction: "#id_cta_label",
    image: "#id_image_alt",
    body: "[data-contentpath=body] :is([contenteditable=true], input:not([type=hidden]), textarea, button)",
  };

  function inputOf(field) {
    const [kind, ...rest] = field.split(".");
    const name = rest.join(".");
    const override = document.getElementById(`id_override_${field}`);
    if (override && !override.checked) return override; // what a version inherits is mended by setting it
    if (override && kind === "texts") return document.getElementById(`id_text_${name}`);
    if (kind === "fields") return document.querySelector(`[name="own_${CSS.escape(name)}"], [name^="own_${CSS.escape(name)}_"]`);
    if (kind !== "texts") return document.querySelector(INPUTS[kind]);
    const names = [...document.querySelectorAll("input[name^='texts-'][name$='-name']")];
    const row = names.find((input) => input.value === name);
    const text = row && document.getElementsByName(row.name.replace(/-name$/, "-text"))[0];
    return text ?? document.querySelector("#id_texts-ADD");
  }

  function nameOf(details) {
    return details.querySelector(".content-check__channel")?.textContent ?? "";
  }

  window.wagtail.app.register("channel-checks", ChannelChecksController);
})();
