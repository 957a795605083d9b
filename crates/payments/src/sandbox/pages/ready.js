// Tells the page around this frame that it may ask the provider now. Carries nothing of the card.
const { setup, portal } = document.querySelector("[data-portal]").dataset;
window.parent.postMessage({ zaseki: "card-ready", setup }, portal);
