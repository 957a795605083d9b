import type { Page } from "@playwright/test";

/**
 * Writes what is another thing in every run as if it were always the same: the real day and time, numbers of orders
 * and invoices, the server's port, and the colors that people get with their ids. Everything else in the pictures comes
 * from a test clock, whose years lie ahead of all real ones.
 */
export async function hold(page: Page): Promise<void> {
  for (const frame of page.frames()) {
    await frame.evaluate(() => {
      const year = "20(?:2\\d|3[0-6])";
      const always: [RegExp, string][] = [
        [new RegExp(`${year}年\\d+月\\d+日`, "g"), "2037年11月24日"],
        [new RegExp(`${year}/\\d\\d/\\d\\d`, "g"), "2037/11/24"],
        [new RegExp(`\\d+ [A-Z][a-z]{2} ${year}`, "g"), "24 Nov 2037"],
        [/\b\d\d:\d\d\b/g, "10:42"],
        [/\bord_[0-9a-z]{26}\b/g, "ord_01h455vb4pex5vsknk084sn02q"],
        [/\b(M[A-Z]\d\d-(?:TEST-)?)\d+/g, "$10000042"],
        [/\b(localhost|127\.0\.0\.1):\d+/g, "$1:3000"],
      ];
      const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      while (texts.nextNode()) {
        const node = texts.currentNode as Text;
        const text = always.reduce((text, [pattern, same]) => text.replace(pattern, same), node.data);
        if (text !== node.data) {
          node.data = text;
        }
      }
      const oneHue = new CSSStyleSheet();
      oneHue.replaceSync(".avatar[data-hue] { --hue: light-dark(#1e50a2, #9dbdf5); --hue-tint: light-dark(#e6eefa, #22304a) }");
      document.adoptedStyleSheets = [oneHue];
    });
  }
}
