// Runs only where ES modules are unknown: such a browser is told at once that it cannot open the page.
document.body.className = "late-now";
