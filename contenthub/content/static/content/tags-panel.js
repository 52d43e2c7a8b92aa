/* The panel of tags: shows live what the rules of the type ask for, and offers terms used lately or named in the text.
   Terms are added only when the editor presses a button. */
(() => {
  const PAUSE_MS = 200;

  class TagsPanelController extends window.StimulusModule.Controller {
    static targets = ["facet", "said"];

    static values = { checkUrl: String, suggestUrl: String };

    connect() {
      this.hideChosen();
    }

    disconnect() {
      clearTimeout(this.waiting);
      this.checking?.abort();
    }

    changed() {
      this.hideChosen();
      if (!this.checkUrlValue) return;
      clearTimeout(this.waiting);
      this.waiting = setTimeout(() => this.check(), PAUSE_MS);
    }

    /* --- rules ------------------------------------------------------------------------------------- */

    async check() {
      this.checking?.abort();
      this.checking = new AbortController();
      const form = new FormData();
      this.facetTargets.forEach((facet) => {
        const value = valueOf(facet);
        form.append(value.name, value.value);
      });
      const answer = await this.post(this.checkUrlValue, form, this.checking.signal);
      if (!answer) return;
      this.facetTargets.forEach((facet) => showRule(facet, answer.facets[facet.dataset.facet]));
    }

    /* --- offers ------------------------------------------------------------------------------------ */

    add({ currentTarget }) {
      const facet = currentTarget.closest("[data-facet]");
      const offers = [...facet.querySelectorAll(".content-tags__offer")].filter(isShown);
      const next = offers[offers.indexOf(currentTarget) + 1];
      const chooser = facet.querySelector("[data-controller~='taxonomy-term-chooser']");
      const detail = JSON.parse(currentTarget.dataset.term);
      chooser.dispatchEvent(new CustomEvent("term-chooser:add", { detail }));
      (next || chooser.querySelector("input[role=combobox]")).focus();
    }

    async suggest() {
      this.say("reading");
      const answer = await this.post(this.suggestUrlValue, new FormData(this.element.closest("form")));
      if (!answer) {
        this.say("failed");
        return;
      }
      this.facetTargets.forEach((facet) => {
        const list = facet.querySelector("[data-suggested] ul");
        list.innerHTML = answer.facets[facet.dataset.facet] || ""; // made and escaped by our own server
      });
      this.hideChosen();
      this.say(answer.count ? "found" : "none", answer.count);
    }

    hideChosen() {
      this.facetTargets.forEach((facet) => {
        const chosen = valueOf(facet).value.split(",");
        facet.querySelectorAll(".content-tags__offer").forEach((offer) => {
          offer.parentElement.hidden = chosen.includes(JSON.parse(offer.dataset.term).id);
        });
        facet.querySelectorAll("[data-suggested], [data-recent]").forEach((group) => {
          group.hidden = ![...group.querySelectorAll("li")].some((one) => !one.hidden);
        });
      });
    }

    /* --- helpers ----------------------------------------------------------------------------------- */

    async post(address, body, signal) {
      try {
        const { CSRF_HEADER_NAME: header, CSRF_TOKEN: token } = window.wagtailConfig;
        const headers = { Accept: "application/json", [header]: token };
        const answer = await fetch(address, { method: "POST", headers, body, signal, credentials: "same-origin" });
        return answer.ok ? await answer.json() : null;
      } catch (error) {
        return null;
      }
    }

    say(name, count) {
      this.saidTarget.textContent = this.element.getAttribute(`data-text-${name}`).replace("%(count)s", count);
    }
  }

  function valueOf(facet) {
    return facet.querySelector("[data-taxonomy-term-chooser-target='value']");
  }

  function showRule(facet, status) {
    const rule = facet.querySelector("[data-rule]");
    if (!rule || !status) return;
    rule.dataset.kept = String(status.kept);
    setText(rule.querySelector("[data-rule-text]"), status.text);
    setText(rule.querySelector("[data-rule-problems]"), status.problems.join(" "));
  }

  /* A text that stays as it is is not read out again. */
  function setText(element, text) {
    if (element.textContent.trim() !== text) element.textContent = text;
  }

  function isShown(element) {
    return element.offsetParent !== null;
  }

  window.wagtail.app.register("content-tags", TagsPanelController);
})();
