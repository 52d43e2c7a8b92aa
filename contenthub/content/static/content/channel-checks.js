/* How a piece fits its channels: the table is asked for anew after each automatic save; what is open stays open. */
(() => {
  class ChannelChecksController extends window.StimulusModule.Controller {
    static targets = ["table"];

    static values = { url: String };

    disconnect() {
      this.asking?.abort();
    }

    async refresh() {
      this.asking?.abort();
      this.asking = new AbortController();
      try {
        const answer = await fetch(this.urlValue, { signal: this.asking.signal, credentials: "same-origin" });
        if (answer.ok) this.show(await answer.text());
      } catch (error) {
        if (error.name !== "AbortError") throw error;
      }
    }

    show(html) {
      const open = new Set([...this.tableTarget.querySelectorAll("details[open]")].map(nameOf));
      this.tableTarget.innerHTML = html;
      for (const details of this.tableTarget.querySelectorAll("details")) details.open = open.has(nameOf(details));
    }
  }

  function nameOf(details) {
    return details.querySelector(".content-check__channel")?.textContent ?? "";
  }

  window.wagtail.app.register("channel-checks", ChannelChecksController);
})();
