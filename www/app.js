// Only opens the page, so that whatever does not load or does not parse is told at once, in words that need no script.
import("./page.js").catch((e) => {
  console.error(e);
  document.body.className = "late-now";
});
