// Tells the page around this frame that it may ask the provider now. Carries nothing of the card. It is said again until
// that page goes on, because it may still be waking up.
const { setup, portal } = document.querySelector("[data-portal]").dataset;
const tell = () => window.parent.postMessage({ zaseki: "card-ready", setup }, portal);
const again = setInterval(tell, 300);
setTimeout(() => clearInterval(again), 30_000);
tell();
