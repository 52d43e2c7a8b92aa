// Runs before the page is painted, so that the chosen theme does not flash.
const chosenTheme = localStorage.getItem("explorer.theme");
if (chosenTheme) document.documentElement.dataset.theme = chosenTheme;
